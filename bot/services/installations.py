"""The app in other workspaces: let in by Slack's OAuth, kept alive, and gone when it is removed.

The home workspace is where staff are; it has its bot token from the settings. Any other workspace
gets here by its own administrator's *Allow*. Its tokens are encrypted at rest and used for nothing
but answering whoever acts through that installation.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Protocol

from bot.domain.customer import Tokens
from bot.domain.installation import STATE_LIFE, Installation
from bot.domain.signin import hash_of
from bot.services.gateway import Signer
from bot.services.ports import Clock, Store

log = logging.getLogger(__name__)

OnlyOne = Callable[[str], AbstractAsyncContextManager[None]]
"""A named right that one task has at a time, across processes."""


class TokenRefusedError(Exception):
    """Slack won't renew this installation's token any more; the message is Slack's own code."""


class SlackAwayError(Exception):
    """Slack could not be asked, or not now; the message is for the log."""


class SlackTokens(Protocol):
    """What Slack does with an installation's tokens."""

    async def renew(self, installation: Installation) -> Tokens:
        """The next pair; the refresh token that it is asked with is spent.

        Raises:
            TokenRefusedError: for good.
            SlackAwayError: for now.
        """
        ...

    async def takes(self, installation: Installation) -> bool:
        """Whether Slack still takes the access token."""
        ...


class InstallationsService:
    """Which workspaces have the app, and with which token."""

    def __init__(
        self, store: Store, clock: Clock, slack: SlackTokens, signer: Signer, only_one: OnlyOne
    ) -> None:
        self._store = store
        self._clock = clock
        self._slack = slack
        self._signer = signer
        self._only_one = only_one

    async def begin(self) -> str:
        """A state for OAuth: signed, good once, for ten minutes; the database knows its hash."""
        token = secrets.token_urlsafe(32)
        key = hash_of(token)
        async with self._store.transaction() as tx:
            await tx.installations.begin(key, self._clock.now() + STATE_LIFE)
        return f"{token}.{self._signer.sign(_bound(key))}"

    async def came_back(self, state: str) -> bool:
        """Whether a state is one of ours, in time, and nobody came with it before."""
        token, _, signature = state.partition(".")
        key = hash_of(token)
        if not self._signer.signed(_bound(key), signature):
            return False
        async with self._store.transaction() as tx:
            return await tx.installations.use(key, self._clock.now())

    async def installed(self, installation: Installation) -> None:
        """Somebody let the app in, for the first time or again."""
        async with self._store.transaction() as tx:
            await tx.installations.put(installation)
        log.info("workspace %s installed the app", installation.team_id)

    async def all(self) -> Sequence[Installation]:
        """Every workspace that has the app."""
        async with self._store.transaction() as tx:
            return await tx.installations.all()

    async def find(self, team_id: str) -> Installation | None:
        """The installation of a workspace, with a token that is still good; None without one.

        Renewing is the round's work; only a token that ended already is renewed here. One that
        can't be renewed just now is no good: then home answers, as far as Slack lets it.
        """
        async with self._store.transaction() as tx:
            found = await tx.installations.get(team_id)
        if found is None or found.broken:
            return None
        expires = found.tokens.expires_at
        if expires is not None and expires <= self._clock.now():
            return await self._renew(team_id)
        return found

    async def renew_due(self) -> int:
        """Renew what ends soon; how many were renewed."""
        now = self._clock.now()
        due = [one for one in await self.all() if one.is_due(now) and not one.broken]
        return sum([await self._renew(one.team_id) is not None for one in due])

    async def removed(self, team_id: str, why: str) -> None:
        """Slack says that the app is out of a workspace: its tokens go, all else stays.

        Slack may say so after somebody installed it again, so the stored token has the last word.
        """
        async with self._store.transaction() as tx:
            found = await tx.installations.get(team_id)
        if found is None or await self._slack.takes(found):
            return
        async with self._store.transaction() as tx:
            if await tx.installations.delete(team_id, found.installed_at):
                log.info("workspace %s removed the app (%s): its tokens are deleted", team_id, why)

    async def _renew(self, team_id: str) -> Installation | None:
        """One renewer at a time, over all processes; the new pair is stored before it is used."""
        async with self._only_one(f"renew slack {team_id}"):
            async with self._store.transaction() as tx:
                found = await tx.installations.get(team_id)
            if found is None or not found.is_due(self._clock.now()):
                return found
            try:
                tokens = await self._slack.renew(found)
            except TokenRefusedError as error:
                log.warning("workspace %s: Slack won't renew the token (%s)", team_id, error)
                return await self._save(found, replace(found, broken=str(error)))
            except SlackAwayError as error:
                log.warning("workspace %s: the token isn't renewed yet (%s)", team_id, error)
                return None
            return await self._save(found, replace(found, tokens=tokens, broken=""))

    async def _save(self, before: Installation, after: Installation) -> Installation | None:
        """Write what came of renewing, unless somebody installed or removed it meanwhile."""
        async with self._store.transaction() as tx:
            stored = await tx.installations.lock(before.team_id)
            if stored != before:
                log.info("workspace %s changed while its token was renewed", before.team_id)
                return stored
            await tx.installations.put(after)
        return None if after.broken else after


def _bound(key: str) -> str:
    return f"install {key}"
