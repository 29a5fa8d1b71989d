"""Signing in to the QuickBooks stand-in: OAuth 2, OpenID Connect, refresh, revoke."""

import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.sandbox.conftest import REALM, Box

AUTH = ("onecore-qbo", "qbo-stand-in")
BACK = "http://127.0.0.1:9/oauth/quickbooks"
SCOPE = "openid profile email com.intuit.quickbooks.accounting"


async def _known(box: Box) -> dict[str, Any]:
    url = f"{box.qbo_url}/.well-known/openid_configuration"
    return dict((await box.http.get(url)).json())


async def _consent(box: Box, **more: str) -> httpx.Response:
    asked = {"client_id": AUTH[0], "redirect_uri": BACK, "state": "s", "scope": SCOPE}
    fields = {"email": "dana@acme.example", "realm_id": REALM, **asked, **more}
    return await box.http.post((await _known(box))["authorization_endpoint"], data=fields)


async def _connect(box: Box, **more: str) -> dict[str, Any]:
    answer = await _consent(box, **more)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    fields = {"grant_type": "authorization_code", "code": query["code"][0], "redirect_uri": BACK}
    url = (await _known(box))["token_endpoint"]
    return dict((await box.http.post(url, data=fields, auth=AUTH)).json())


def _part(text: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


async def test_the_consent_page_names_everybody_and_says_who_may_not(box: Box):
    url = (await _known(box))["authorization_endpoint"]
    asked = {"client_id": AUTH[0], "redirect_uri": BACK, "scope": SCOPE}
    page = (await box.http.get(url, params=asked)).text
    assert "Dana Okafor in Acme Constructions" in page
    assert "Only an administrator of the company can connect an app." in page
    assert "This person has not accepted the invitation yet." in page


async def test_the_callback_has_code_state_and_realm(box: Box):
    location = (await _consent(box)).headers["location"]
    query = parse_qs(urlsplit(location).query)
    assert (query["state"], query["realmId"]) == (["s"], [REALM])
    openid_only = (await _consent(box, scope="openid email")).headers["location"]
    assert "realmId" not in openid_only


async def test_who_may_not_authorise_is_stopped_even_when_the_form_is_forged(box: Box):
    clerk = await _consent(box, email="clerk@acme.example")
    assert clerk.status_code == 403
    invited = await _consent(box, email="support@interfy.com.au")
    assert invited.status_code == 403


async def test_the_id_token_is_signed_with_the_published_key(box: Box):
    token = (await _connect(box, nonce="n1"))["id_token"]
    head, claims, signature = token.split(".")
    known = await _known(box)
    key = (await box.http.get(known["jwks_uri"])).json()["keys"][0]
    assert _part(head)["kid"] == key["kid"]
    public = rsa.RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    public.verify(raw, f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    body = _part(claims)
    assert body["iss"] == known["issuer"]
    assert (body["aud"], body["realmid"], body["nonce"]) == ([AUTH[0]], REALM, "n1")


async def test_userinfo_tells_who_consented_as_far_as_the_scopes_go(box: Box):
    url = (await _known(box))["userinfo_endpoint"]

    async def info(scope: str) -> dict[str, Any]:
        token = (await _connect(box, scope=scope))["access_token"]
        answer = await box.http.get(url, headers={"Authorization": f"Bearer {token}"})
        return dict(answer.json())

    whole = await info(SCOPE)
    assert whole == {
        "sub": whole["sub"],
        "email": "dana@acme.example",
        "emailVerified": True,
        "givenName": "Dana",
        "familyName": "Okafor",
    }
    assert set(await info("openid")) == {"sub"}


async def test_a_refresh_token_lives_a_day_and_its_replacement_ends_it(box: Box):
    url = (await _known(box))["token_endpoint"]
    old = (await _connect(box))["refresh_token"]

    async def refresh(value: str) -> httpx.Response:
        fields = {"grant_type": "refresh_token", "refresh_token": value}
        return await box.http.post(url, data=fields, auth=AUTH)

    soon = (await refresh(old)).json()
    assert soon["refresh_token"] == old
    assert soon["expires_in"] == 3600
    box.live.clock.advance(timedelta(hours=25))
    later = (await refresh(old)).json()
    assert later["refresh_token"] != old
    dead = await refresh(old)
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_grant")
    assert (await refresh(later["refresh_token"])).status_code == 200


async def test_a_world_can_rotate_refresh_tokens_at_every_use(box: Box):
    record = {"refresh_rotates_after_seconds": 0}
    await box.edit({"op": "upsert", "kind": "qbo.settings", "in": REALM, "record": record})
    old = (await _connect(box))["refresh_token"]
    fields = {"grant_type": "refresh_token", "refresh_token": old}
    url = (await _known(box))["token_endpoint"]
    assert (await box.http.post(url, data=fields, auth=AUTH)).json()["refresh_token"] != old
    assert (await box.http.post(url, data=fields, auth=AUTH)).status_code == 400


async def test_the_hard_expiry_is_told_to_who_asks(box: Box):
    token = (await _connect(box))["refresh_token"]
    answer = await box.http.post(
        (await _known(box))["token_endpoint"],
        data={"grant_type": "refresh_token", "refresh_token": token},
        auth=AUTH,
        headers={"x-include-refresh-token-hard-expires-in": "true"},
    )
    assert answer.json()["x_refresh_token_hard_expires_in"] > 0


async def test_revoking_kills_both_tokens(box: Box):
    pair = await _connect(box)
    known = await _known(box)
    body = {"token": pair["refresh_token"]}
    assert (await box.http.post(known["revocation_endpoint"], json=body)).status_code == 401
    answer = await box.http.post(known["revocation_endpoint"], json=body, auth=AUTH)
    assert answer.status_code == 200
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert (await box.http.get(known["userinfo_endpoint"], headers=headers)).status_code == 401


async def test_grants_say_who_can_have_one(box: Box):
    url = f"{box.qbo_url}/_world/grants"

    async def grant(email: str, realm: str = REALM) -> int:
        answer = await box.http.post(url, json={"realm_id": realm, "email": email})
        return answer.status_code

    assert await grant("dana@acme.example") == 200
    assert await grant("clerk@acme.example") == 403
    assert await grant("support@interfy.com.au") == 404
    assert await grant("dana@acme.example", "1") == 404


async def test_five_years_are_the_end_however_often_it_is_used(box: Box):
    """The hard end stays where it was, and then a person has to sign in again."""
    token = (await _connect(box))["refresh_token"]
    url, ask = (await _known(box))["token_endpoint"], "x-include-refresh-token-hard-expires-in"
    left = 1825 * 24 * 3600
    for _month in range(60):
        box.live.clock.advance(timedelta(days=30))
        left -= 30 * 24 * 3600
        data = {"grant_type": "refresh_token", "refresh_token": token}
        answer = await box.http.post(url, data=data, auth=AUTH, headers={ask: "true"})
        assert answer.json()["x_refresh_token_hard_expires_in"] == left
        token = answer.json()["refresh_token"]
    box.live.clock.advance(timedelta(days=26))
    data = {"grant_type": "refresh_token", "refresh_token": token}
    answer = await box.http.post(url, data=data, auth=AUTH)
    assert answer.json()["error"] == "invalid_grant"
