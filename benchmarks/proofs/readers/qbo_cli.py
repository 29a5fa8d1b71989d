"""Reads a company with qbo-cli; run by ``proofs.qbo_clients``.

Input and output as ``python_quickbooks.py``. The command keeps tokens under the home folder,
which is one of its own here; its addresses are constants that have to be set before anything
else of it is imported.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

from qbo_cli import constants


def run(*words: str) -> tuple[int, str, str]:
    """``qbo WORDS``: exit code, standard output, standard error."""
    from qbo_cli import cli

    sys.argv = ["qbo", *words]
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
    return code, out.getvalue(), err.getvalue()


def main() -> None:
    asked = json.load(sys.stdin)
    constants.PROD_BASE = constants.SANDBOX_BASE = f"{asked['url']}/v3/company"
    constants.TOKEN_URL = f"{asked['url']}/oauth2/v1/tokens/bearer"
    os.environ.update(
        QBO_CLIENT_ID=asked["client_id"],
        QBO_CLIENT_SECRET=asked["client_secret"],
        QBO_REALM_ID=asked["realm"],
    )
    folder = Path.home() / ".qbo"
    folder.mkdir()
    tokens = {
        "access_token": "spent",
        "refresh_token": asked["refresh_token"],
        "expires_at": 0,
        "refresh_expires_at": 4e9,
        "realm_id": asked["realm"],
        "created_at": 0,
    }
    (folder / "tokens.prod.json").write_text(json.dumps(tokens))
    sys.stdin = io.StringIO()
    rows = {}
    for entity in ("Account", "Item", "Customer", "Vendor"):
        query = f"SELECT * FROM {entity} WHERE Active IN (true, false) ORDERBY Id"
        code, out, err = run("-f", "json", "query", query)
        if code:
            raise SystemExit(f"{entity}: {err}")
        rows[entity] = json.loads(out)
    one = asked["asks"]["ids"][0]
    code, out, _ = run("-f", "json", "get", "Customer", one)
    missing, _, why = run("-f", "json", "get", "Customer", "99999999")
    seen = {
        "by id": json.loads(out)["Customer"]["Id"] if code == 0 else out,
        "unknown id": f"exit {missing}: {'Object Not Found' in why}",
    }
    json.dump({"rows": rows, "seen": seen}, sys.stdout)


main()
