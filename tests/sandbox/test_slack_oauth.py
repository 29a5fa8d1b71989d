"""Installing the app in another workspace of the stand-in, with slack_sdk as it is."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient

from integrations.sandbox.slack.installs import TOKEN_LIFE
from tests.sandbox.slack_kit import (
    ACME,
    DANA,
    GENERAL,
    SAM,
    STRANGER,
    Json,
    Slack,
    keeping,
    running,
)

BACK = "http://127.0.0.1:9/slack/oauth_redirect"
ASKED = ("commands", "chat:write", "channels:read", "groups:read", "users:read")


async def authorize(slack: Slack, user: str = DANA, **more: str) -> dict[str, str]:
    """Press *Allow* as somebody; the query with which the browser comes back."""
    generator = AuthorizeUrlGenerator(
        client_id="A0ONECORE",
        scopes=ASKED,
        redirect_uri=more.pop("redirect_uri", BACK),
        authorization_url=f"{slack.url}/oauth/v2/authorize",
    )
    url = generator.generate("state-1")
    page = await slack.http.get(url)
    assert page.status_code == 200, page.text
    answer = await slack.http.post(url, data={"user": user, **more})
    assert answer.status_code == 302, answer.text
    found = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in found.items()}


async def access(slack: Slack, **asked: Any) -> Json:
    client = (await slack.http.get("/_world")).json()["clients"][0]
    anonymous = AsyncWebClient(base_url=f"{slack.url}/api/")
    body = {"client_id": client["id"], "client_secret": client["secret"], **asked}
    answer = await anonymous.api_call("oauth.v2.access", data=body)
    assert isinstance(answer.data, dict)
    return answer.data


async def install(slack: Slack, user: str = DANA) -> Json:
    code = (await authorize(slack, user))["code"]
    return await access(slack, code=code, redirect_uri=BACK)


def client_of(slack: Slack, installed: Json) -> AsyncWebClient:
    return AsyncWebClient(installed["access_token"], base_url=f"{slack.url}/api/")


async def refused(slack: Slack, **asked: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        await access(slack, **asked)
    return str(error.value.response["error"])


async def test_whoever_may_install_does_and_the_token_is_that_workspaces() -> None:
    async with running() as slack:
        back = await authorize(slack)
        assert back["state"] == "state-1"
        installed = await access(slack, code=back["code"], redirect_uri=BACK)
        me = await client_of(slack, installed).auth_test()
    assert installed["team"] == {"id": "T0ACME", "name": "Acme Constructions"}
    assert installed["authed_user"] == {"id": DANA}
    assert installed["scope"].split(",") == list(ASKED)
    assert "refresh_token" not in installed
    assert (me["team_id"], me["user_id"]) == ("T0ACME", installed["bot_user_id"])


async def test_a_code_is_good_once_in_time_for_its_address_and_for_the_app() -> None:
    async with running() as slack:
        code = (await authorize(slack))["code"]
        assert await refused(slack, code=code, redirect_uri=f"{BACK}/x") == "bad_redirect_uri"
        assert await refused(slack, code=code, client_secret="?") == "bad_client_secret"
        assert await refused(slack, code=code, client_id="?") == "invalid_client_id"
        assert await refused(slack, code="made up", redirect_uri=BACK) == "invalid_code"
        assert await refused(slack, grant_type="password") == "invalid_grant_type"
        await access(slack, code=code, redirect_uri=BACK)
        assert await refused(slack, code=code, redirect_uri=BACK) == "code_already_used"
        late = (await authorize(slack))["code"]
        slack.clock.advance(timedelta(minutes=10))
        assert await refused(slack, code=late, redirect_uri=BACK) == "invalid_code"


async def test_the_page_refuses_what_slack_refuses_and_tells_of_a_no() -> None:
    async with running() as slack:
        assert await authorize(slack, deny="1") == {"error": "access_denied", "state": "state-1"}
        await slack.edit(redirect_urls=["https://bot.example/slack"])
        url = f"/oauth/v2/authorize?client_id=A0ONECORE&scope=commands&redirect_uri={BACK}"
        assert "bad_redirect_uri" in (await slack.http.get(url)).text
        url = re.sub("A0ONECORE", "A0OTHER", url)
        assert "invalid_client_id" in (await slack.http.get(url)).text


async def test_tokens_that_rotate_end_after_twelve_hours_and_a_refresh_token_is_good_once() -> None:
    async with running() as slack:
        await slack.edit(token_rotation=True)
        first = await install(slack)
        assert first["access_token"].startswith("xoxe.xoxb-1-")
        assert first["expires_in"] == 43_200
        asked = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        second = await access(slack, **asked)
        assert await refused(slack, **asked) == "invalid_refresh_token"
        # The earlier one is good until its own end.
        await client_of(slack, first).auth_test()
        slack.clock.advance(TOKEN_LIFE)
        for old in (first, second):
            with pytest.raises(SlackApiError, match="token_expired"):
                await client_of(slack, old).auth_test()
        asked["refresh_token"] = second["refresh_token"]
        await client_of(slack, await access(slack, **asked)).auth_test()


async def test_a_command_from_there_comes_with_its_team_and_only_there() -> None:
    """Before, and after it is gone, Slack refuses."""
    async with running() as slack:
        app = slack.bolt()
        heard = keeping(app)

        @app.command("/onboard")
        async def answer(ack: Any) -> None:
            await ack()

        async with slack.connected(app):
            assert (await slack.say(DANA, "/onboard status"))["error"] == "not_a_command"
            installed = await install(slack)
            assert (await slack.say(DANA, "/onboard status"))["ok"]
            assert (await slack.say(SAM, "/onboard status"))["ok"]
        teams = [(body["user_id"], body["team_id"]) for body in heard if "command" in body]
        assert teams == [(DANA, "T0ACME"), (SAM, "T0INTERFY")]
        await client_of(slack, installed).auth_revoke()
        assert (await slack.say(DANA, "/onboard status"))["error"] == "not_a_command"
        with pytest.raises(SlackApiError, match="account_inactive"):
            await client_of(slack, installed).auth_test()


async def test_one_installation_does_not_reach_into_another() -> None:
    """Channels of the other workspace, its bot's messages, its triggers and views."""
    async with running() as slack:
        acme = client_of(slack, await install(slack))
        for channel in (GENERAL, "C0SUPPORT"):
            with pytest.raises(SlackApiError, match="channel_not_found"):
                await acme.conversations_info(channel=channel)
        with pytest.raises(SlackApiError, match="not_in_channel"):
            await acme.chat_postMessage(channel=ACME, text="hello")
        mine = await slack.client.chat_postMessage(channel=ACME, text="hello")
        trigger = slack.server.interactions.issue_trigger(SAM)
        view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
        with pytest.raises(SlackApiError, match="invalid_trigger_id"):
            await acme.views_open(trigger_id=trigger, view=view)
        await slack.edit(memberships=[{"channel": ACME, "user": "U0BOTT0ACME"}])
        await acme.chat_postEphemeral(channel=ACME, user=DANA, text="hello")
        with pytest.raises(SlackApiError, match="cant_update_message"):
            await acme.chat_update(channel=ACME, ts=mine["ts"], text="mine now")
        assert (await acme.users_info(user=STRANGER))["user"]["team_id"] == "T0ACME"
