"""Reads a company with tap-quickbooks (Singer); run by ``proofs.qbo_clients``.

Input and output as ``python_quickbooks.py``. The tap's records are Singer messages on its
standard output; its own configuration file takes the renewed tokens.
"""

import io
import json
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import tap_quickbooks
from tap_quickbooks import client
from tap_quickbooks.discover import do_discover

ENTITIES = {"accounts": "Account", "items": "Item", "customers": "Customer", "vendors": "Vendor"}


def catalog() -> dict[str, Any]:
    """The tap's own catalog with the four streams selected."""
    found: dict[str, Any] = do_discover().to_dict()
    for stream in found["streams"]:
        for entry in stream["metadata"]:
            if entry["breadcrumb"] in ([], ()):
                entry["metadata"]["selected"] = stream["tap_stream_id"] in ENTITIES
    return found


def main() -> None:
    asked = json.load(sys.stdin)
    client.PROD_ENDPOINT_BASE = client.SANDBOX_ENDPOINT_BASE = asked["url"]
    client.TOKEN_REFRESH_URL = f"{asked['url']}/oauth2/v1/tokens/bearer"
    folder = Path(tempfile.mkdtemp())
    config = {
        "start_date": "2020-01-01T00:00:00Z",
        "user_agent": "proof",
        "realm_id": asked["realm"],
        **{key: asked[key] for key in ("client_id", "client_secret", "refresh_token")},
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "catalog.json").write_text(json.dumps(catalog()))
    paths = ["--config", str(folder / "config.json")]
    sys.argv = ["tap-quickbooks", *paths, "--discover"]
    with redirect_stdout(io.StringIO()) as discovered:
        tap_quickbooks.main()
    sys.argv = ["tap-quickbooks", *paths, "--catalog", str(folder / "catalog.json")]
    with redirect_stdout(io.StringIO()) as written:
        tap_quickbooks.main()
    rows: dict[str, list[Any]] = {name: [] for name in ENTITIES.values()}
    for line in written.getvalue().splitlines():
        message = json.loads(line)
        if message["type"] == "RECORD":
            rows[ENTITIES[message["stream"]]].append(message["record"])
    kept = json.loads((folder / "config.json").read_text())
    seen = {
        "streams discovered": len(json.loads(discovered.getvalue())["streams"]) > 20,
        "tokens were renewed": bool(kept.get("access_token")),
    }
    json.dump({"rows": rows, "seen": seen}, sys.stdout)


main()
