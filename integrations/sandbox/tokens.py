"""OAuth tokens of a stand-in: codes, access tokens and refresh tokens, by the world's clock."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from integrations.sandbox.clock import WorldClock

CODE_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Grant:
    """Who let which app in. ``subject`` is an e-mail address, or "" for the app itself.

    ``challenge`` is PKCE's (S256), "" where the app sent none; ``since`` is when it was let in.
    """

    client: str
    subject: str
    realm: str = ""
    scopes: tuple[str, ...] = ()
    nonce: str = ""
    redirect_uri: str = ""
    challenge: str = ""
    since: datetime | None = None


class TokenState(StrEnum):
    """What became of a token."""

    GOOD = "good"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Token:
    """An access or refresh token that was given out."""

    value: str
    grant: Grant
    issued: datetime
    expires: datetime | None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """What a token request answers with."""

    access: Token
    refresh: Token | None


@dataclass
class TokenBook:
    """Every token of one stand-in.

    Args:
        clock: The world's clock.
        access_life: How long an access token is good.
        rotates_after: A refresh token older than this is replaced when used, and dies.
        refresh_life: How long an unused refresh token is good; None for ever.
        hard_life: After how long a person has to sign in again whatever was used; None for never.
    """

    clock: WorldClock
    access_life: timedelta
    rotates_after: timedelta = timedelta(0)
    refresh_life: timedelta | None = None
    hard_life: timedelta | None = None
    _codes: dict[str, tuple[Grant, datetime]] = field(default_factory=dict)
    _access: dict[str, Token] = field(default_factory=dict)
    _refresh: dict[str, Token] = field(default_factory=dict)

    def new_code(self, grant: Grant) -> str:
        """An authorisation code, good once within ten minutes."""
        code = f"code-{secrets.token_hex(16)}"
        self._codes[code] = (grant, self.clock.now() + CODE_LIFE)
        return code

    def redeem(self, code: str, client: str, redirect_uri: str, verifier: str = "") -> Grant | None:
        """What a code stands for; None where it is used up, late or somebody else's."""
        grant, until = self._codes.pop(code, (None, None))
        if grant is None or until is None or self.clock.now() > until:
            return None
        if grant.client != client or grant.redirect_uri not in ("", redirect_uri):
            return None
        if grant.challenge and grant.challenge != challenge_of(verifier):
            return None
        return grant

    def issue(self, grant: Grant, *, refresh: bool = True) -> Pair:
        """A new access token, with a new refresh token where the grant type has one."""
        now = self.clock.now()
        grant = replace(grant, since=grant.since or now)
        access = Token(f"at-{secrets.token_hex(20)}", grant, now, now + self.access_life)
        self._access[access.value] = access
        return Pair(access, self._new_refresh(grant, now) if refresh else None)

    def realm_of(self, value: str) -> str:
        """The realm that a refresh token is for; "" where it is unknown."""
        token = self._refresh.get(value)
        return token.grant.realm if token else ""

    def renew(
        self, value: str, client: str, *, rotates_after: timedelta | None = None
    ) -> Pair | None:
        """The answer to a refresh request; None where the refresh token is no good."""
        after = self.rotates_after if rotates_after is None else rotates_after
        old = self._refresh.get(value)
        if old is None or old.grant.client != client or self._state(old) is not TokenState.GOOD:
            return None
        now = self.clock.now()
        end = self.hard_end(old)
        if end is not None and end <= now:
            return None
        pair = self.issue(old.grant, refresh=False)
        if now - old.issued >= after:
            old.revoked = True
            return Pair(pair.access, self._new_refresh(old.grant, now))
        return Pair(pair.access, old)

    def hard_end(self, token: Token) -> datetime | None:
        """When what came of this grant ends, however often it is used; None for never."""
        since = token.grant.since
        return None if self.hard_life is None or since is None else since + self.hard_life

    def look_up(self, value: str) -> tuple[TokenState, Token | None]:
        """An access token and its state."""
        token = self._access.get(value)
        return (TokenState.UNKNOWN, None) if token is None else (self._state(token), token)

    def revoke(self, value: str) -> bool:
        """Revoke a token of either kind, and with it all that came of the same grant."""
        token = self._refresh.get(value) or self._access.get(value)
        if token is None:
            return False
        self.revoke_grants(
            client=token.grant.client, subject=token.grant.subject, realm=token.grant.realm
        )
        return True

    def revoke_grants(self, *, client: str | None = None, subject: str, realm: str = "") -> int:
        """Revoke what ``subject`` gave (to ``client``, in ``realm``); the result counts tokens."""
        count = 0
        for token in [*self._access.values(), *self._refresh.values()]:
            grant = token.grant
            same_client = client is None or grant.client == client
            if same_client and grant.subject == subject and grant.realm == realm:
                count += not token.revoked
                token.revoked = True
        return count

    def sign_in_again(self, realm: str, subject: str) -> int:
        """Let every live token of ``realm`` stand for ``subject``; the result counts them.

        This is what a person sees after connecting again as somebody else, without the steps.
        """
        count = 0
        for token in [*self._access.values(), *self._refresh.values()]:
            if token.grant.realm == realm and not token.revoked:
                token.grant = replace(token.grant, subject=subject)
                count += 1
        return count

    def all_of(self, realm: str, subject: str) -> bool:
        """Whether there are live refresh tokens of ``realm`` and all are ``subject``'s."""
        live = [
            one for one in self._refresh.values() if one.grant.realm == realm and not one.revoked
        ]
        return bool(live) and all(one.grant.subject == subject for one in live)

    def _new_refresh(self, grant: Grant, now: datetime) -> Token:
        until = None if self.refresh_life is None else now + self.refresh_life
        token = Token(f"rt-{secrets.token_hex(20)}", grant, now, until)
        self._refresh[token.value] = token
        return token

    def _state(self, token: Token) -> TokenState:
        if token.revoked:
            return TokenState.REVOKED
        if token.expires is not None and self.clock.now() >= token.expires:
            return TokenState.EXPIRED
        return TokenState.GOOD


def challenge_of(verifier: str) -> str:
    """PKCE's S256 (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class RateWindow:
    """Counts requests in windows of fixed length, by key and by the world's clock."""

    def __init__(self, clock: WorldClock, seconds: int) -> None:
        self._clock = clock
        self._seconds = seconds
        self._counts: dict[str, tuple[int, int]] = {}

    def add(self, key: str, limit: int, *, cost: int = 1) -> tuple[bool, int, int]:
        """Count a request.

        Returns:
            Whether it is within ``limit``, how many are left, and the Unix second of the reset.
        """
        window = int(self._clock.timestamp()) // self._seconds
        at, used = self._counts.get(key, (window, 0))
        used = cost if at != window else used + cost
        self._counts[key] = (window, used)
        return used <= limit, max(limit - used, 0), (window + 1) * self._seconds
