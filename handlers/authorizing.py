"""Whose installation a delivery came through: Bolt asks for each, before anything else.

Bolt's own (``AsyncInstallationStoreAuthorize``) asks Slack about the token each time and renews it
in any number of processes at once; this one asks our store, and for the home workspace nobody.
"""

from collections.abc import Callable
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.installations import InstallationsService
from handlers.workspace import CONTEXT, Workspace

ClientOf = Callable[[str], AsyncWebClient]
"""A client with this token."""


class Authorizing(AsyncAuthorize):
    """Home's own token for home, and for whatever names a workspace that has none.

    A customer's person who clicks on home's message acts through home's installation. Where a
    payload names nothing but that person's own workspace, home answers, as it does without OAuth.
    """

    def __init__(
        self, home: AsyncWebClient, installations: InstallationsService, client_of: ClientOf
    ) -> None:
        self._home = home
        self._installations = installations
        self._client_of = client_of
        self._me: AuthorizeResult | None = None

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        **_more: Any,  # noqa: ANN401 - who acts decides nothing here.
    ) -> AuthorizeResult:
        """The installation, and in the context the workspace unless it is home.

        Raises:
            slack_sdk.errors.SlackApiError: Slack could not say who we are.
        """
        me = await self._at_home()
        if team_id and team_id != me.team_id:
            found = await self._installations.find(team_id)
            if found is not None and found.team_id != me.team_id:
                token = found.tokens.access_token
                client = self._client_of(token)
                context[CONTEXT] = Workspace(found.team_id, found.bot_user, client)
                return AuthorizeResult(
                    enterprise_id=enterprise_id,
                    team_id=team_id,
                    bot_user_id=found.bot_user,
                    bot_token=token,
                )
        return me

    async def _at_home(self) -> AuthorizeResult:
        if self._me is None:
            answer = await self._home.auth_test()
            self._me = AuthorizeResult(
                enterprise_id=answer.get("enterprise_id"),
                team_id=answer["team_id"],
                bot_id=answer.get("bot_id"),
                bot_user_id=answer["user_id"],
                bot_token=self._home.token,
            )
        return self._me
