"""What docs/security.md says and no other test holds."""

import ast

import httpx

from integrations.client import make_client
from tests.meta.code import ROOT, every_part, name, read, sources

WRITING = {"post", "put", "patch", "delete"}
TOKEN_ENDPOINTS = {"integrations/oauth.py", "integrations/signin.py"}
"""Giving, renewing and revoking sign-ins."""
TRANSPORT, WEBHOOKS = "integrations/http.py", "integrations/procore/hooks.py"
"""The one transport, whose ``write`` nobody calls but the file that knows Procore's webhooks."""


def callers(names: set[str]) -> set[str]:
    """The files of the integrations that call a method of one of these names."""
    found = set()
    for path in sources("integrations"):
        if "sandbox" in path.parts:
            continue
        for node in every_part(path):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in names:
                found.add(name(path))
    return found


def test_nothing_is_ever_written_in_procore_or_quickbooks_but_our_own_webhook():
    sending = callers(WRITING | {"request", "stream", "build_request", "Request"})
    assert sending == TOKEN_ENDPOINTS | {TRANSPORT}
    assert callers({"write"}) == {WEBHOOKS}
    text = read(ROOT / WEBHOOKS)
    assert text.count("_transport.write(") == 1
    assert "self._base = f\"{base_url.rstrip('/')}/rest/v1.0/webhooks\"" in text


async def test_a_token_does_not_travel_to_where_a_server_points():
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://elsewhere.example/"})

    async with make_client(httpx.MockTransport(answer)) as client:
        response = await client.get("https://api.example/me", headers={"Authorization": "Bearer t"})
    assert (response.status_code, asked) == (302, ["api.example"])
