"""Signing in to the Procore stand-in, as Procore's OAuth pages describe it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.sandbox.conftest import COMPANY, Box

CLIENT = {"client_id": "onecore-procore", "client_secret": "procore-stand-in"}
BACK = "http://127.0.0.1:9/oauth/procore"


async def _code(box: Box, email: str = "dana@acme.example", **more: str) -> str:
    asked = {"client_id": CLIENT["client_id"], "redirect_uri": BACK, "state": "s1", **more}
    url = f"{box.procore_url}/oauth/authorize"
    page = await box.http.get(url, params={**asked, "response_type": "code"})
    assert email in page.text
    answer = await box.http.post(url, data={**asked, "email": email})
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == ["s1"]
    return query["code"][0]


async def _token(box: Box, **fields: str) -> httpx.Response:
    return await box.http.post(f"{box.procore_url}/oauth/token", data={**CLIENT, **fields})


async def test_a_code_is_good_once_for_the_same_redirect_uri(box: Box):
    code = await _code(box)
    grant = {"grant_type": "authorization_code", "code": code}
    assert (await _token(box, **grant, redirect_uri="http://other")).status_code == 400
    code = await _code(box)
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    body = (await _token(box, **grant)).json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 5400)
    again = await _token(box, **grant)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


async def test_a_code_dies_after_ten_minutes(box: Box):
    code = await _code(box)
    box.live.clock.advance(timedelta(minutes=11))
    answer = await _token(box, grant_type="authorization_code", code=code, redirect_uri=BACK)
    assert answer.json()["error"] == "invalid_grant"


async def test_a_code_with_a_challenge_needs_its_verifier(box: Box):
    """The pair is RFC 7636's own example (appendix B)."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    challenge = {
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    for given, status in ((verifier, 200), ("another", 400), ("", 400)):
        code = await _code(box, **challenge)
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        assert (await _token(box, **fields, code_verifier=given)).status_code == status


async def test_a_refresh_token_is_rotated_and_single_use(box: Box):
    code = await _code(box)
    first = await _token(box, grant_type="authorization_code", code=code, redirect_uri=BACK)
    old = first.json()["refresh_token"]
    second = await _token(box, grant_type="refresh_token", refresh_token=old)
    assert second.json()["refresh_token"] != old
    assert (await _token(box, grant_type="refresh_token", refresh_token=old)).status_code == 400


async def test_client_credentials_gives_no_refresh_token_and_is_the_service_account(box: Box):
    body = (await _token(box, grant_type="client_credentials")).json()
    assert "refresh_token" not in body
    headers = {
        "Authorization": f"Bearer {body['access_token']}",
        "Procore-Company-Id": str(COMPANY),
    }
    url = f"{box.procore_url}/rest/v1.3/companies/{COMPANY}/me"
    me = (await box.http.get(url, headers=headers)).json()
    assert me["email_address"] == "dmsa@procore.example"


async def test_a_wrong_secret_is_refused_and_json_bodies_are_fine(box: Box):
    url = f"{box.procore_url}/oauth/token"
    wrong = {**CLIENT, "client_secret": "no", "grant_type": "client_credentials"}
    assert (await box.http.post(url, json=wrong)).status_code == 401
    right = {**CLIENT, "grant_type": "client_credentials"}
    assert (await box.http.post(url, json=right)).status_code == 200


async def test_an_access_token_expires_by_the_worlds_clock(box: Box):
    assert (await box.procore("/rest/v1.0/me")).status_code == 200
    info = f"{box.procore_url}/oauth/token/info"
    headers = {"Authorization": f"Bearer {await box.token('procore', 'dana@acme.example')}"}
    assert (await box.http.get(info, headers=headers)).json()["expires_in_seconds"] == 5400
    box.live.clock.advance(timedelta(seconds=5400))
    assert (await box.procore("/rest/v1.0/me")).status_code == 401
    assert (await box.http.get(info, headers=headers)).status_code == 401


async def test_revoking_ends_the_grant(box: Box):
    url = f"{box.procore_url}/oauth/revoke"
    token = await box.token("procore", "dana@acme.example")
    assert (await box.http.post(url, data={**CLIENT, "token": token})).status_code == 200
    assert (await box.procore("/rest/v1.0/me")).status_code == 401


async def test_saying_no_comes_back_as_access_denied(box: Box):
    asked = {"client_id": CLIENT["client_id"], "redirect_uri": BACK, "deny": "1"}
    answer = await box.http.post(f"{box.procore_url}/oauth/authorize", data=asked)
    assert answer.headers["location"] == f"{BACK}?error=access_denied"


async def test_a_grant_is_refused_for_somebody_who_is_no_active_user(box: Box):
    url = f"{box.procore_url}/_world/grants"
    asked = {"company_id": COMPANY, "email": "old@acme.example"}
    answer = await box.http.post(url, json=asked)
    assert answer.status_code == 404
    assert "no active user of Acme Constructions" in answer.json()["message"]
