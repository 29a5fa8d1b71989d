"""Reads a company with python-quickbooks and intuit-oauth; run by ``proofs.qbo_clients``.

PKCE, which intuit-oauth does not know, is tried with requests-oauthlib, on which the former rests.

Standard input: ``{"url", "realm", "client_id", "client_secret", "refresh_token", "asks"}``.
Standard output: ``{"rows": {entity: [row]}, "seen": {question: answer}}``. It imports nothing of
this project: it runs in a virtual environment of its own.
"""

import json
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from quickbooks import QuickBooks
from quickbooks.cdc import change_data_capture
from quickbooks.objects import Account, Customer, Item, Vendor
from requests_oauthlib import OAuth2Session

ENTITIES = {"Account": Account, "Item": Item, "Customer": Customer, "Vendor": Vendor}
REDIRECT = "http://127.0.0.1:1/callback"
SCOPES = "com.intuit.quickbooks.accounting openid"


def auth_client(asked: dict[str, Any], refresh: str | None) -> AuthClient:
    return AuthClient(
        asked["client_id"],
        asked["client_secret"],
        REDIRECT,
        environment=f"{asked['url']}/.well-known/openid_configuration",
        refresh_token=refresh,
    )


def everything(entity: type[Account], company: QuickBooks) -> list[Any]:
    """Every row, inactive ones too, by pages of a thousand."""
    rows: list[Any] = []
    while True:
        page = entity.where(
            "Active IN (True, False)",
            order_by="Id",
            start_position=len(rows) + 1,
            max_results=1000,
            qb=company,
        )
        rows += page
        if len(page) < 1000:
            return rows


def failing(call: Callable[[], object]) -> str:
    try:
        call()
    except Exception as error:  # noqa: BLE001 - whatever the client raises is what is asked for.
        return f"{type(error).__name__} {getattr(error, 'error_code', '')}".strip()
    return "no error"


def consent(asked: dict[str, Any], url: str) -> dict[str, str]:
    """What the browser brings back from the page where a person lets the app in."""
    there = urlsplit(url)
    asked_for = {key: values[0] for key, values in parse_qs(there.query).items()}
    answer = requests.post(
        f"{there.scheme}://{there.netloc}{there.path}",
        data={**asked_for, "email": asked["asks"]["email"], "realm_id": asked["realm"]},
        allow_redirects=False,
        timeout=10,
    )
    return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def with_pkce(asked: dict[str, Any]) -> dict[str, Any]:
    """A sign-in with S256, and one whose code somebody else tries with a verifier of their own."""
    found = requests.get(f"{asked['url']}/.well-known/openid_configuration", timeout=10).json()
    pair = (asked["client_id"], asked["client_secret"])

    def session() -> tuple[OAuth2Session, str]:
        made = OAuth2Session(pair[0], redirect_uri=REDIRECT, scope=SCOPES, pkce="S256")
        return made, made.authorization_url(found["authorization_endpoint"])[0]

    def redeem(by: OAuth2Session, code: str) -> dict[str, Any]:
        given: dict[str, Any] = by.fetch_token(found["token_endpoint"], code=code, auth=pair)
        return given

    own, url = session()
    other, _ = session()
    return {
        "PKCE is offered": found.get("code_challenge_methods_supported"),
        "code with another's verifier": failing(lambda: redeem(other, consent(asked, url)["code"])),
        "code with its own verifier": sorted(redeem(own, consent(asked, url)["code"]))[:1],
    }


class Ear(BaseHTTPRequestHandler):
    """Takes what webhooks bring."""

    heard: tuple[str, str] = ("", "")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        Ear.heard = (body, self.headers["intuit-signature"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


def webhooks(asked: dict[str, Any], company: QuickBooks) -> dict[str, Any]:
    """A change is told of, signed so that the client holds it for Intuit's."""
    secret, customer = "the verifier", asked["asks"]["ids"][0]
    change = {"op": "upsert", "kind": "qbo.customer", "in": asked["realm"], "key": customer}
    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        server.timeout = 10
        there = {"url": f"http://127.0.0.1:{server.server_port}/", "secret": secret}
        for path, sent in (("hooks", there), ("edits", {**change, "record": {"notes": "Again"}})):
            requests.post(f"{asked['url']}/_world/{path}", json=sent, timeout=10).raise_for_status()
        server.handle_request()
    body, signature = Ear.heard
    return {
        "webhook tells": [
            [one["type"], one["intuitentityid"] == customer] for one in json.loads(body)
        ],
        "its signature": company.validate_webhook_signature(body, signature, secret),
        "its signature by another": company.validate_webhook_signature(body, signature, "x"),
    }


def sign_in(asked: dict[str, Any]) -> dict[str, Any]:
    """The authorization code flow as a browser goes through it, then userinfo and revocation."""
    auth = auth_client(asked, None)
    url = auth.get_authorization_url([Scopes.ACCOUNTING, Scopes.OPENID, Scopes.EMAIL])
    back = consent(asked, url)
    auth.get_bearer_token(back["code"], realm_id=back["realmId"])
    who = auth.get_user_info().json()
    reused = failing(lambda: auth_client(asked, None).get_bearer_token(back["code"]))
    auth.revoke(token=auth.refresh_token)
    return {
        "state is returned": back["state"] == auth.state_token,
        "realm of the callback": back["realmId"],
        "e-mail of userinfo": who.get("email"),
        "code used twice": reused,
        "refresh after revoke": failing(auth.refresh),
    }


def questions(asked: dict[str, Any], company: QuickBooks) -> dict[str, Any]:
    name, some = asked["asks"]["name"], asked["asks"]["ids"]
    since = asked["asks"]["since"]
    changed = change_data_capture([Account, Customer], since, qb=company)
    return {
        "count of customers": Customer.count(qb=company),
        "items by Item.all": len(Item.all(qb=company)),
        "by name": [row.Id for row in Customer.filter(DisplayName=name, Active=True, qb=company)],
        "by ids": sorted((row.Id for row in Customer.choose(some, qb=company)), key=int),
        "by id": Customer.get(int(some[0]), qb=company).Id,
        "like": len(Customer.where("DisplayName LIKE 'A%'", max_results=1000, qb=company)),
        "unknown id": failing(lambda: Customer.get(99999999, qb=company)),
        "bad query": failing(lambda: Customer.query("SELECT * FRM Customer", qb=company)),
        "unknown property": failing(lambda: Customer.where("Shoe = '42'", qb=company)),
        "changes since yesterday": {
            kind: len(getattr(changed, kind, [])) for kind in ("Account", "Customer")
        },
    }


def main() -> None:
    asked = json.load(sys.stdin)
    QuickBooks.api_url_v3 = QuickBooks.sandbox_api_url_v3 = f"{asked['url']}/v3"
    auth = auth_client(asked, asked["refresh_token"])
    company = QuickBooks(
        auth_client=auth,
        refresh_token=asked["refresh_token"],
        company_id=asked["realm"],
        minorversion=75,
    )
    rows = {
        name: [json.loads(row.to_json()) for row in everything(entity, company)]
        for name, entity in ENTITIES.items()
    }
    seen = questions(asked, company)
    requests.post(
        f"{asked['url']}/_world/faults",
        json={"match": {"path": "/query"}, "fault": {"kind": "expired_token"}},
        timeout=10,
    )
    seen["expired access token"] = failing(lambda: Customer.count(qb=company))
    auth.refresh()
    company._start_session()  # noqa: SLF001 - how the client's own guide renews a session.
    seen["count after refresh"] = Customer.count(qb=company)
    seen["wrong secret"] = failing(
        lambda: auth_client({**asked, "client_secret": "x"}, auth.refresh_token).refresh()
    )
    seen |= webhooks(asked, company)
    # Last, because revoking ends whatever the same person gave the same app.
    seen |= with_pkce(asked) | sign_in(asked)
    json.dump({"rows": rows, "seen": seen}, sys.stdout)


main()
