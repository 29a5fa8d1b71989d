"""Intuit's OAuth 2 and OpenID Connect: consent page, tokens, userinfo, discovery, keys."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from integrations.sandbox.consent import (
    PKCE,
    Choice,
    basic_credentials,
    challenge_problem,
    consent_page,
    form_fields,
    problem_page,
)
from integrations.sandbox.qbo.gate import ACCOUNTING
from integrations.sandbox.tokens import Grant, Pair, TokenState
from integrations.sandbox.world.live import QBO_ACCESS, LiveWorld
from integrations.sandbox.world.model_qbo import QboClient, QboUser

SCOPES = ("openid", "profile", "email", "phone", "address", ACCOUNTING)
_SYSTEM = "QuickBooks Online"
_KEPT = ("client_id", "redirect_uri", "state", "scope", "response_type", "nonce", *PKCE)
_KEY_ID = "stand-in-1"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _json64(value: Mapping[str, Any]) -> str:
    return _b64(json.dumps(value, separators=(",", ":")).encode())


@cache
def _private_key() -> rsa.RSAPrivateKey:
    """One for every stand-in of this process: making it takes longer than a test."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


class Signer:
    """Signs id tokens with RS256; the key is made when it is first needed."""

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JSON web token with these claims."""
        head = _json64({"alg": "RS256", "kid": _KEY_ID, "typ": "JWT"})
        text = f"{head}.{_json64(claims)}"
        signature = _private_key().sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{_b64(signature)}"

    def key_set(self) -> dict[str, Any]:
        """The public half, as the JWKS document has it."""
        numbers = _private_key().public_key().public_numbers()
        modulus = numbers.n.to_bytes(256, "big")
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": _KEY_ID}
        return {"keys": [{**key, "n": _b64(modulus), "e": _b64(numbers.e.to_bytes(3, "big"))}]}


class OAuth:
    """The endpoints of Intuit's identity hosts, all on this one host."""

    def __init__(self, live: LiveWorld) -> None:
        self._live = live
        self._tokens = live.qbo_tokens
        self._signer = Signer()

    def routes(self) -> list[Route]:
        """Where they are."""
        known = (
            "openid_configuration",
            "openid_sandbox_configuration",
            "openid-configuration",
        )
        return [
            *(Route(f"/.well-known/{one}", self.discovery, methods=["GET"]) for one in known),
            Route("/connect/oauth2", self.authorise, methods=["GET", "POST"]),
            Route("/oauth2/v1/tokens/bearer", self.token, methods=["POST"]),
            Route("/v2/oauth2/tokens/revoke", self.revoke, methods=["POST"]),
            Route("/v1/openid_connect/userinfo", self.userinfo, methods=["GET"]),
            Route("/op/v1/jwks", self.keys, methods=["GET"]),
        ]

    async def discovery(self, request: Request) -> Response:
        """Where everything is, as OpenID Connect wants it told."""
        base = str(request.base_url).rstrip("/")
        methods = {"code_challenge_methods_supported": ["S256"]}
        return JSONResponse(
            (methods if self._live.world.qbo.pkce else {})
            | {
                "issuer": f"{base}/op/v1",
                "authorization_endpoint": f"{base}/connect/oauth2",
                "token_endpoint": f"{base}/oauth2/v1/tokens/bearer",
                "userinfo_endpoint": f"{base}/v1/openid_connect/userinfo",
                "revocation_endpoint": f"{base}/v2/oauth2/tokens/revoke",
                "jwks_uri": f"{base}/op/v1/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": list(SCOPES[:-1]),
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "client_secret_basic",
                ],
                "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
            },
        )

    async def keys(self, request: Request) -> Response:
        """The key that id tokens are signed with."""
        del request
        return JSONResponse(self._signer.key_set())

    # -- consent --------------------------------------------------------------------------

    async def authorise(self, request: Request) -> Response:
        """The consent page; posting a choice sends the browser back with a code."""
        asked = {**request.query_params, **await form_fields(request)}
        client = self._client(asked.get("client_id", ""))
        redirect = asked.get("redirect_uri", "")
        problem = _problem(client, redirect, asked)
        if problem or client is None:
            return problem_page(_SYSTEM, problem or "No app has this client_id.")
        if request.method == "GET":
            return self._consent(client, asked)
        answer = {"state": asked["state"]} if asked.get("state") else {}
        email, realm = asked.get("email", "").casefold(), asked.get("realm_id", "")
        if asked.get("deny"):
            answer["error"] = "access_denied"
        elif reason := self._why_not(email, realm):
            return problem_page(_SYSTEM, reason, 403)
        else:
            scopes = tuple(asked.get("scope", "").split())
            if ACCOUNTING in scopes:
                answer["realmId"] = realm
            # Who does not offer PKCE does not know its fields, and ignores them.
            challenge = asked.get(PKCE[0], "") if self._live.world.qbo.pkce else ""
            nonce = asked.get("nonce", "")
            grant = Grant(client.id, email, realm, scopes, nonce, redirect, challenge)
            answer["code"] = self._tokens.new_code(grant)
        joint = "&" if urlsplit(redirect).query else "?"
        return RedirectResponse(f"{redirect}{joint}{urlencode(answer)}", 302)

    def _consent(self, client: QboClient, asked: Mapping[str, str]) -> Response:
        hidden = [(key, asked[key]) for key in _KEPT if key in asked]
        choices = [
            Choice(
                (("email", one.email), ("realm_id", company.realm_id)),
                f"{one.given_name} {one.family_name} in {company.name}",
                f"{one.email}, {one.role.replace('_', ' ')}",
                self._why_not(one.email, company.realm_id),
            )
            for company in self._live.world.qbo.companies
            for one in self._users(company.realm_id)
        ]
        return consent_page(_SYSTEM, client.name, hidden, choices)

    def _users(self, realm: str) -> list[QboUser]:
        store = self._live.qbo(realm)
        return store.users if store else []

    def _why_not(self, email: str, realm: str) -> str:
        """Why this person may not connect this company; "" where that is fine."""
        wanted = email.casefold()
        user = next((one for one in self._users(realm) if one.email.casefold() == wanted), None)
        if user is None:
            return f"{email or 'Nobody'} has no access to this company."
        if user.status != "active":
            return "This person has not accepted the invitation yet."
        if not user.role.may_authorise:
            return "Only an administrator of the company can connect an app."
        return ""

    # -- tokens ---------------------------------------------------------------------------

    async def token(self, request: Request) -> Response:
        """Code or refresh token for a new pair; Basic authentication, form body."""
        fields = await form_fields(request)
        name, secret = basic_credentials(request)
        client = self._client(name or fields.get("client_id", ""))
        if client is None or client.secret != (secret or fields.get("client_secret")):
            return JSONResponse({"error": "invalid_client"}, 401)
        kind = fields.get("grant_type")
        pair: Pair | None = None
        if kind == "authorization_code":
            code, uri = fields.get("code", ""), fields.get("redirect_uri", "")
            grant = self._tokens.redeem(code, client.id, uri, fields.get("code_verifier", ""))
            pair = self._tokens.issue(grant) if grant else None
        elif kind == "refresh_token":
            pair = self._renew(fields.get("refresh_token", ""), client.id)
        else:
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        if pair is None:
            body = {"error": "invalid_grant", "error_description": "Token invalid"}
            return JSONResponse(body, 400)
        hard = "x-include-refresh-token-hard-expires-in" in request.headers
        first = kind == "authorization_code"
        return JSONResponse(self.body(pair, request, hard=hard, id_token=first))

    def _renew(self, value: str, client: str) -> Pair | None:
        store = self._live.qbo(self._tokens.realm_of(value))
        if store is None:
            return None
        after = timedelta(seconds=store.company.settings.refresh_rotates_after_seconds)
        return self._tokens.renew(value, client, rotates_after=after)

    def body(
        self,
        pair: Pair,
        request: Request,
        *,
        hard: bool = False,
        id_token: bool = True,
    ) -> dict[str, Any]:
        """The JSON of a token answer."""
        body: dict[str, Any] = {
            "access_token": pair.access.value,
            "token_type": "bearer",
            "expires_in": int(QBO_ACCESS.total_seconds()),
        }
        if pair.refresh is not None and pair.refresh.expires is not None:
            left = pair.refresh.expires - self._live.clock.now()
            body["refresh_token"] = pair.refresh.value
            body["x_refresh_token_expires_in"] = int(left.total_seconds())
            end = self._tokens.hard_end(pair.refresh)
            if hard and end is not None:
                left = end - self._live.clock.now()
                body["x_refresh_token_hard_expires_in"] = int(left.total_seconds())
        if id_token and "openid" in pair.access.grant.scopes:
            body["id_token"] = self._id_token(pair, str(request.base_url).rstrip("/"))
        return body

    def _id_token(self, pair: Pair, base: str) -> str:
        grant = pair.access.grant
        issued = int(pair.access.issued.timestamp())
        claims: dict[str, Any] = {
            "sub": self._subject(grant),
            "aud": [grant.client],
            "iss": f"{base}/op/v1",
            "auth_time": issued,
            "iat": issued,
            "exp": issued + int(QBO_ACCESS.total_seconds()),
        }
        if ACCOUNTING in grant.scopes:
            claims["realmid"] = grant.realm
        if grant.nonce:
            claims["nonce"] = grant.nonce
        return self._signer.sign(claims)

    def _subject(self, grant: Grant) -> str:
        user = self._user(grant)
        if user is not None and user.sub:
            return user.sub
        return hashlib.sha256(grant.subject.encode()).hexdigest()[:32]

    def _user(self, grant: Grant) -> QboUser | None:
        store = self._live.qbo(grant.realm)
        return store.user_of(grant.subject) if store else None

    async def revoke(self, request: Request) -> Response:
        """End a connection: both tokens die."""
        name, secret = basic_credentials(request)
        client = self._client(name)
        if client is None or client.secret != secret:
            return JSONResponse({"error": "invalid_client"}, 401)
        fields = await form_fields(request)
        if not self._tokens.revoke(fields.get("token", "")):
            return JSONResponse({"error": "invalid_request"}, 400)
        return Response(status_code=200)

    async def userinfo(self, request: Request) -> Response:
        """Who consented: sub, e-mail and names, as far as the scopes go."""
        _, _, value = request.headers.get("authorization", "").partition(" ")
        state, token = self._tokens.look_up(value.strip())
        good = token is not None and state is TokenState.GOOD
        if token is None or not good or "openid" not in token.grant.scopes:
            return JSONResponse({"error": "invalid_token"}, 401)
        user = self._user(token.grant)
        body: dict[str, Any] = {"sub": self._subject(token.grant)}
        if user is not None and "email" in token.grant.scopes:
            body |= {"email": user.email, "emailVerified": user.email_verified}
        if user is not None and "profile" in token.grant.scopes:
            body |= {"givenName": user.given_name, "familyName": user.family_name}
        return JSONResponse(body)

    def _client(self, client_id: str) -> QboClient | None:
        return next((one for one in self._live.world.qbo.clients if one.id == client_id), None)


def _problem(client: QboClient | None, redirect: str, asked: Mapping[str, str]) -> str:
    if client is None:
        return "No app has this client_id."
    if urlsplit(redirect).scheme not in {"http", "https"}:
        return "The redirect_uri of this request is not a web address."
    if client.redirect_uris and redirect not in client.redirect_uris:
        return "The redirect_uri of this request is not one that the app is registered with."
    scopes = asked.get("scope", "").split()
    if not scopes or set(scopes) - set(SCOPES):
        return "The scope of this request is empty or unknown."
    return challenge_problem(asked)
