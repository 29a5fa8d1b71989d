"""Another workspace installs the app: our page, Slack's page, back, and what people do from there.

Everything is real: the stand-in speaks Slack's OAuth, slack_sdk and Bolt do theirs.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Installation as SlackInstallation

from bot.diagnosis.installs import installation_lines
from bot.domain.installation import EARLY, STATE_LIFE
from bot.installs import make_installs, oauth_app, use_home_token
from bot.services.health import Line, State
from bot.services.install_pages import REDIRECT_PATH
from bot.settings import Settings, SettingsError
from handlers.ids import BOT_SCOPES
from handlers.workspace import INSTALL_SCOPES
from integrations.sandbox.faults import Fault, FaultKind, FaultMatch, FaultRule
from tests.connect.installing import (
    ACME,
    BONDI,
    DANA,
    LIAM,
    OWN,
    SAM,
    STAN,
    THEIRS,
    Town,
    running_town,
)

HOME_BOT, ACME_BOT = "U0ONECORE", "U0BOTT0ACME"


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with running_town() as running:
        yield running


async def test_a_customers_workspace_installs_it_and_types_a_command(town: Town) -> None:
    """The card is home's, for home edits it later; the answer to one person is Acme's."""
    page, link = await town.page()
    assert all(scope in page.text for scope in INSTALL_SCOPES)
    assert "script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    said = await town.back(await town.allow(DANA, link))
    assert (said.status_code, "OneCore is in Acme Constructions now." in said.text) == (200, True)
    found = await town.stored()
    assert found is not None
    assert (found.team_name, found.bot_user) == ("Acme Constructions", ACME_BOT)
    assert (set(found.scopes), found.installed_by) == (set(INSTALL_SCOPES), DANA)
    card = await town.say(DANA, "/onboard status", ACME)
    assert (card["user"], "Acme" in card["text"]) == (HOME_BOT, True)
    refused = await town.say(DANA, "/onboard status", OWN)
    assert refused["user"] == ACME_BOT
    assert refused["ephemeral"]
    assert "in the channel that Interfy shares with that customer" in refused["text"]


async def test_an_installation_is_finished_once_in_time_and_in_its_own_browser(
    town: Town,
) -> None:
    sent = await town.allow(DANA)
    async with httpx.AsyncClient() as other:
        lured = await other.get(sent.headers["location"])
    assert lured.status_code == 403
    forged = sent.headers["location"].replace("state=", "state=x")
    assert (await town.browser.get(forged)).status_code == 403
    assert await town.stored() is None
    cookies = dict(town.browser.cookies)
    assert (await town.back(sent)).status_code == 200
    town.browser.cookies.update(cookies)
    assert (await town.back(sent)).status_code == 410
    late = await town.allow(LIAM)
    town.clock.advance(STATE_LIFE)
    assert (await town.back(late)).status_code == 410
    assert await town.stored("T0BONDI") is None


async def test_what_slack_refuses_is_a_sentence_and_its_code_is_not_logged(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    cancelled = await town.back(await town.allow(DANA, deny="1"))
    assert "You didn&#x27;t let the app in" in cancelled.text
    sent = await town.allow(DANA)
    town.sandbox.slack.state.installs.client_secret = "another"
    refused = await town.back(sent)
    assert refused.status_code == 400
    assert "Slack didn&#x27;t confirm the installation" in refused.text
    assert "Slack refuses oauth.v2.access: bad_client_secret" in caplog.text
    code = httpx.URL(sent.headers["location"]).params["code"]
    assert code not in caplog.text
    assert await town.stored() is None


async def test_one_workspace_never_sees_anothers_customers(town: Town) -> None:
    """Neither another customer's people, in their own channel too, nor a stranger's workspace."""
    await town.install(LIAM)
    await town.install(STAN)
    for text in ("status acme", "list", "new Mine", "link acme", "doctor"):
        for who, channel in ((LIAM, BONDI), (STAN, THEIRS)):
            said = await town.say(who, f"/onboard {text}", channel)
            assert said["ephemeral"], (text, who, said)
            assert "Acme" not in said["text"].replace("acme", ""), (text, who)
    customers = [one.slug for one in await town.bot.services.customers.all()]
    assert customers == ["acme", "bondi"]


async def test_being_in_the_staff_group_makes_nobody_staff_from_another_workspace(
    town: Town,
) -> None:
    """Dana is in the group (as a mistake might have it); mentions and the Home tab as well."""
    await town.install(DANA)
    await town.edit(memberships=[{"channel": ACME, "user": ACME_BOT}])
    said = await town.say(DANA, f"<@{ACME_BOT}> list", ACME)
    assert (said["user"], said["ephemeral"]) == (ACME_BOT, True)
    assert "Only Interfy staff can do that" in said["text"]
    await town.browser.get(f"{town.sandbox.slack_url}/_ui/home", params={"persona": DANA})
    await town.settle()
    home = town.sandbox.slack.interactions.homes[DANA]
    assert home["app_installed_team_id"] == "T0ACME"
    assert "Bondi" not in str(home["blocks"])


async def test_homes_people_stay_homes_whichever_bot_hears_them(town: Town) -> None:
    """Sam mentions Acme's bot: he is staff, and home answers, so nothing is left at Acme's."""
    await town.install(DANA)
    await town.edit(memberships=[{"channel": ACME, "user": ACME_BOT}])
    said = await town.say(SAM, f"<@{ACME_BOT}> list", ACME)
    assert (said["user"], said["ephemeral"]) == (HOME_BOT, True)
    assert "Bondi" in str(said["blocks"])


async def test_what_its_bot_hears_of_the_channel_closes_nothing(town: Town) -> None:
    await town.install(DANA)
    for joined in (True, False):
        edit = {"channel": ACME, "user": ACME_BOT, "joined": joined}
        await town.edit(memberships=[edit])
    async with town.bot.core.store.transaction() as tx:
        (channel,) = await tx.customers.channels(1)
    assert channel.closed == ""


async def test_a_removal_deletes_the_tokens_and_nothing_else_and_it_goes_on_when_it_is_back(
    town: Town,
) -> None:
    await town.install(DANA)
    await town.install(LIAM)
    await town.edit(uninstall="T0ACME")
    assert await town.stored() is None
    assert await town.stored("T0BONDI") is not None
    assert await town.bot.services.installation.is_installed(), "home has it still"
    assert "Acme" in str((await town.say(SAM, "/onboard status", ACME))["blocks"])
    await town.install(DANA)
    again = await town.stored()
    # Slack may tell of the removal only now.
    await town.installs.service.removed("T0ACME", "app_uninstalled")
    assert await town.stored() == again
    assert (await town.say(DANA, "/onboard status", OWN))["ephemeral"]


async def rotating(town: Town) -> None:
    await town.edit(token_rotation=True)
    await town.install(DANA)


async def test_a_token_is_renewed_early_by_one_of_all_who_try(town: Town) -> None:
    """Twenty at once, as if from two processes: one refresh, and the pair is stored before use."""
    await rotating(town)
    first = await town.stored()
    assert first is not None
    assert first.tokens.expires_at is not None
    assert abs(first.tokens.expires_at - town.clock.now() - timedelta(hours=12)).seconds <= 2
    assert await town.installs.service.renew_due() == 0
    town.clock.advance(timedelta(hours=12) - EARLY)
    core = town.bot.core
    other = make_installs(replace(core, owner="another"), town.bot.client)  # type: ignore[arg-type]
    assert other is not None
    services = (town.installs.service, other.service)
    before = len(town.asked("/api/oauth.v2.access"))
    await asyncio.gather(*(service.renew_due() for service in services for _ in range(10)))
    assert len(town.asked("/api/oauth.v2.access")) == before + 1
    second = await town.stored()
    assert second is not None
    assert second.tokens.refresh_token != first.tokens.refresh_token
    town.clock.advance(timedelta(hours=9))
    assert (await town.say(DANA, "/onboard help", OWN))["user"] == ACME_BOT


async def test_a_token_that_ended_is_renewed_before_it_is_used(town: Town) -> None:
    """The bot was off for a day."""
    await rotating(town)
    town.clock.advance(timedelta(days=1))
    await town.say(DANA, "/onboard help", OWN)
    errors = [one.get("error") for one in town.sandbox.slack_log.entries()]
    assert "token_expired" not in errors


async def test_where_slack_will_not_renew_it_somebody_has_to_install_it_again(town: Town) -> None:
    """People there are answered all the same, as Slack's own answer to a command allows."""
    await rotating(town)
    town.sandbox.slack.state.installs.refreshes.clear()
    town.clock.advance(timedelta(days=1))
    said = await town.say(DANA, "/onboard status", OWN)
    assert "in the channel that Interfy shares" in said["text"]
    broken = await town.stored()
    assert broken is not None
    assert broken.broken == "invalid_refresh_token"
    before = len(town.asked("/api/oauth.v2.access"))
    assert await town.installs.service.renew_due() == 0
    assert len(town.asked("/api/oauth.v2.access")) == before, "it is not asked again and again"
    await town.install(DANA)
    again = await town.stored()
    assert again is not None
    assert again.broken == ""


async def test_home_too_may_be_installed_so_that_its_token_rotates(town: Town) -> None:
    """The setting's token is dead then; the stored one holds, for posts from the outbox too."""
    await town.edit(token_rotation=True)
    client: Any = town.bot.client
    await town.install(SAM)
    kept = await use_home_token(town.bot.core, client)
    assert kept == town.sandbox.slack_tokens.bot, "the other page asks for less than home needs"
    _, link = await town.page("?team=T0INTERFY")
    await town.back(await town.allow(SAM, link))
    token = await use_home_token(town.bot.core, client)
    assert token.startswith("xoxe.xoxb-1-")
    town.sandbox.slack.state.tokens[town.sandbox.slack_tokens.bot].active = False
    assert "Acme" in str((await town.say(SAM, "/onboard status", ACME))["blocks"])


async def test_bolts_own_store_of_plain_files_is_never_made(monkeypatch: Any) -> None:
    """Bolt makes one for whoever has these two variables."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "A0ONECORE")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    async with running_town() as town:
        assert town.bot.slack.oauth_flow is None
        assert town.bot.slack.installation_store is None


async def test_the_doctor_has_a_line_for_each(town: Town) -> None:
    def line(name: str, lines: list[Line]) -> Line:
        return next(one for one in lines if one.name == name)

    lines = await installation_lines(town.bot.core)
    assert [one.name for one in lines] == ["installations"]
    assert f"{town.url}/slack/install" in lines[0].text
    await rotating(town)
    acme = "installation Acme Constructions"
    well = line(acme, await installation_lines(town.bot.core))
    assert (well.state, "Slack takes its token, until" in well.text) == (State.PASS, True)
    town.clock.advance(timedelta(days=1))
    assert line(acme, await installation_lines(town.bot.core)).state is State.WARN
    town.sandbox.slack.state.installs.refreshes.clear()
    await town.installs.service.renew_due()
    broken = line(acme, await installation_lines(town.bot.core))
    assert (broken.state, broken.text) == (
        State.FAIL,
        "Slack won't renew its token (invalid_refresh_token)",
    )
    await town.install(DANA)
    town.sandbox.slack.uninstall("T0ACME")
    assert line(acme, await installation_lines(town.bot.core)).state is State.FAIL


def test_the_manifest_says_what_to_add_and_asks_others_for_less() -> None:
    manifest = (Path(__file__).parents[2] / "app_manifest.yml").read_text(encoding="utf-8")
    assert f"redirect_urls: [https://YOUR-HOST{REDIRECT_PATH}]" in manifest
    assert set(INSTALL_SCOPES) < set(BOT_SCOPES)


async def test_a_whole_organisation_and_an_app_without_a_bot_are_not_stored(town: Town) -> None:
    store = town.installs.pages.settings.installation_store
    whole = SlackInstallation(user_id=DANA, team_id="T1", bot_token="x", is_enterprise_install=True)
    for wrong in (whole, SlackInstallation(user_id=DANA, team_id="T0ACME")):
        with pytest.raises(BoltError, match="single workspaces"):
            await store.async_save(wrong)
    assert await town.stored() is None


async def test_with_slack_away_one_is_answered_as_far_as_slack_lets_home_and_is_renewed_later(
    town: Town,
) -> None:
    await rotating(town)
    town.clock.advance(timedelta(days=1))
    away = Fault(kind=FaultKind.STATUS, status=503)
    where = FaultMatch(path="/api/oauth.v2.access")
    town.sandbox.slack_faults.add(FaultRule(match=where, fault=away))
    said = await town.say(DANA, "/onboard status", OWN)
    assert "in the channel that Interfy shares" in said["text"]
    town.sandbox.slack_faults.clear()
    assert await town.installs.service.renew_due() == 1


def test_a_part_of_what_it_needs_is_named() -> None:
    settings = Settings(_env_file=None, slack_client_id="A0ONECORE", slack_client_secret="")
    with pytest.raises(SettingsError) as missing:
        oauth_app(settings)
    assert "SLACK_CLIENT_SECRET" in str(missing.value)
    assert "PUBLIC_URL" in str(missing.value)
