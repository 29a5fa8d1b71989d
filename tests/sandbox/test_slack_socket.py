"""Socket Mode, driven by slack_bolt's own app and socket client."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from tests.sandbox.slack_kit import (
    ACME,
    BOT,
    DANA,
    GENERAL,
    PRIYA,
    SAM,
    SUPPORT,
    Slack,
    button,
    code_of,
    modal,
    row,
    running,
    section,
    text_input,
    until,
)

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with running() as one:
        yield one


def _keeping(app: AsyncApp) -> list[Json]:
    """Make an app keep each payload that passes Bolt's filters: nothing of its own."""
    kept: list[Json] = []

    @app.middleware
    async def keep(body: Json, next: Any) -> Any:  # noqa: A002 - Bolt's own name.
        kept.append(body)
        return await next()

    return kept


def _events(kept: list[Json], kind: str) -> list[Json]:
    return [one for one in kept if one.get("event", {}).get("type") == kind]


async def test_a_command_carries_the_persons_words_with_people_as_references(slack: Slack) -> None:
    app, seen = slack.bolt(), list[Json]()

    @app.command("/onboard")
    async def onboard(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack("Only you see this")

    async with slack.connected(app):
        assert (await slack.say(SAM, "/onboard assign codes @dana in #general"))["ok"]
    assert seen[0]["text"] == f"assign codes <@{DANA}|dana> in <#{GENERAL}|general>"
    assert (seen[0]["team_id"], seen[0]["channel_id"], seen[0]["user_id"]) == (
        "T0INTERFY",
        ACME,
        SAM,
    )
    assert [one["text"] for one in await slack.seen(SAM)] == ["Only you see this"]
    assert await slack.seen(DANA) == []


async def test_a_command_may_answer_in_the_channel(slack: Slack) -> None:
    app = slack.bolt()

    @app.command("/onboard")
    async def onboard(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="For all", response_type="in_channel")

    async with slack.connected(app):
        await slack.say(SAM, "/onboard status")
        await until(lambda: slack.delivered("post"))
    assert [one["text"] for one in await slack.seen(DANA)] == ["For all"]


async def test_an_external_persons_command_is_refused_in_slacks_words(slack: Slack) -> None:
    app = slack.bolt()
    kept = _keeping(app)
    async with slack.connected(app):
        answer = await slack.say(DANA, "/onboard status")
    assert (answer["ok"], answer["error"]) == (False, "not_a_command")
    assert answer["message"].startswith("/onboard is not a valid command. In Slack Connect")
    assert kept == []


async def test_a_command_does_not_work_in_a_thread(slack: Slack) -> None:
    said = await slack.say(SAM, "hello")
    answer = await slack.say(SAM, "/onboard status", thread_ts=said["ts"])
    assert answer["error"] == "not_in_thread"


async def test_a_mention_from_outside_arrives_as_slack_connect_sends_it(slack: Slack) -> None:
    app = slack.bolt()
    kept = _keeping(app)

    @app.event("app_mention")
    async def mention(context: Json, say: Any) -> None:
        await say(f"Hello <@{context['user_id']}>")

    @app.event("message")
    async def message() -> None:
        pass

    async with slack.connected(app):
        await slack.say(DANA, "@OneCore help & <!channel>")
        await until(lambda: slack.delivered("post"))
        await until(lambda: _events(kept, "message"))
    mention_body = _events(kept, "app_mention")[0]
    assert mention_body["event"]["text"] == f"<@{BOT}> help &amp; &lt;!channel&gt;"
    assert mention_body["team_id"] == "T0INTERFY"
    assert mention_body["is_ext_shared_channel"]
    assert mention_body["authorizations"][0]["team_id"] == "T0INTERFY"
    assert mention_body["event"]["user_team"] == "T0ACME"
    assert mention_body["event"]["team"] == "T0INTERFY"
    message_body = _events(kept, "message")[0]
    assert (message_body["team_id"], message_body["context_team_id"]) == ("T0ACME", "T0INTERFY")
    assert message_body["event"]["user_team"] == message_body["event"]["source_team"] == "T0ACME"
    assert message_body["event"]["channel_type"] == "channel"


async def test_a_mention_where_the_bot_is_not_reaches_nobody(slack: Slack) -> None:
    app = slack.bolt()
    kept = _keeping(app)
    await slack.edit(ack_seconds=0.1)
    async with slack.connected(app):
        await slack.say(SAM, "@OneCore hello", channel=GENERAL)
        await slack.say(SAM, "/onboard help", channel=SUPPORT)
    assert [one.get("command") for one in kept] == ["/onboard"]


async def _post_card(slack: Slack) -> str:
    posted = await slack.client.chat_postMessage(
        channel=ACME, text="card", blocks=[section("card"), row(button("go", value="v1"))]
    )
    return str(posted["ts"])


async def test_a_click_from_outside_names_the_installing_team_and_the_persons_own(
    slack: Slack,
) -> None:
    app, seen = slack.bolt(), list[Json]()

    @app.action("go")
    async def go(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(text="Done", replace_original=False)

    async with slack.connected(app):
        ts = await _post_card(slack)
        assert (await slack.click(DANA, ts, "go"))["ok"]
        await until(lambda: slack.delivered("ephemeral"))
    body = seen[0]
    assert (body["team"]["id"], body["user"]["team_id"]) == ("T0INTERFY", "T0ACME")
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": ACME,
        "is_ephemeral": False,
    }
    assert (body["actions"][0]["value"], body["message"]["text"]) == ("v1", "card")
    assert (await slack.seen(DANA))[-1]["ephemeral"]


async def test_an_ephemeral_messages_click_comes_without_the_message(slack: Slack) -> None:
    app, seen = slack.bolt(), list[Json]()

    @app.action("go")
    async def go(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(delete_original=True)

    async with slack.connected(app):
        posted = await slack.client.chat_postEphemeral(
            channel=ACME, user=DANA, text="psst", blocks=[row(button("go"))]
        )
        await slack.click(DANA, posted["message_ts"], "go")
        await until(lambda: slack.delivered("delete"))
    assert "message" not in seen[0]
    assert seen[0]["container"]["is_ephemeral"]
    assert await slack.seen(DANA) == []


async def test_nobody_clicks_in_a_channel_or_message_that_is_not_theirs(slack: Slack) -> None:
    posted = await slack.client.chat_postMessage(
        channel=SUPPORT, text="x", blocks=[row(button("go"))]
    )
    answer = await slack.click(DANA, posted["ts"], "go", channel=SUPPORT)
    assert answer["error"] == "channel_not_found"
    posted = await slack.client.chat_postEphemeral(
        channel=ACME, user=SAM, text="x", blocks=[row(button("go"))]
    )
    answer = await slack.click(DANA, posted["message_ts"], "go")
    assert answer["error"] == "message_not_found"
    answer = await slack.click(SAM, posted["message_ts"], "gone")
    assert answer["error"] == "action_not_found"


async def test_a_response_url_takes_five_posts(slack: Slack) -> None:
    app, seen = slack.bolt(), list[Json]()

    @app.action("go")
    async def go(ack: Any, body: Json) -> None:
        await ack()
        seen.append(body)

    async with slack.connected(app):
        await slack.click(SAM, await _post_card(slack), "go")
    url = seen[0]["response_url"]
    for number in range(5):
        answer = await slack.http.post(url, json={"text": str(number)})
        assert answer.status_code == 200
    answer = await slack.http.post(url, json={"text": "six"})
    assert (answer.status_code, answer.json()["error"]) == (404, "used_url")


async def test_a_response_url_lives_thirty_minutes(slack: Slack) -> None:
    app, seen = slack.bolt(), list[Json]()

    @app.action("go")
    async def go(ack: Any, body: Json) -> None:
        await ack()
        seen.append(body)

    async with slack.connected(app):
        await slack.click(SAM, await _post_card(slack), "go")
    slack.later(minutes=31)
    answer = await slack.http.post(seen[0]["response_url"], json={"text": "late"})
    assert answer.json()["error"] == "expired_url"


async def test_a_trigger_works_once_and_for_three_seconds(slack: Slack) -> None:
    app, triggers = slack.bolt(), list[str]()

    @app.command("/onboard")
    async def onboard(ack: Any, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    async with slack.connected(app):
        await slack.say(SAM, "/onboard one")
        await slack.say(SAM, "/onboard two")
    opened = await slack.client.views_open(trigger_id=triggers[0], view=modal())
    assert opened["view"]["app_installed_team_id"] == "T0INTERFY"
    again = slack.client.views_open(trigger_id=triggers[0], view=modal())
    assert await code_of(again) == "exchanged_trigger_id"
    slack.later(seconds=3.1)
    late = slack.client.views_open(trigger_id=triggers[1], view=modal())
    assert await code_of(late) == "expired_trigger_id"
    wrong = slack.client.views_open(trigger_id="1.2.3", view=modal())
    assert await code_of(wrong) == "invalid_trigger_id"


async def _open_modal(slack: Slack, app: AsyncApp, user: str, view: Json) -> Json:
    """Let a person's click open a view, and return it."""
    opened: list[Json] = []

    @app.action("open")
    async def open_view(ack: Any, body: Json, client: Any) -> None:
        await ack()
        answer = await client.views_open(trigger_id=body["trigger_id"], view=view)
        opened.append(answer["view"])

    posted = await slack.client.chat_postMessage(
        channel=ACME, text="x", blocks=[row(button("open"))]
    )
    await slack.click(user, posted["ts"], "open")
    await until(lambda: opened)
    return opened[0]


async def test_a_submission_from_outside_names_the_persons_team_and_what_was_entered(
    slack: Slack,
) -> None:
    app, seen = slack.bolt(), list[Json]()

    @app.view("form")
    async def submitted(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    async with slack.connected(app):
        view = await _open_modal(slack, app, DANA, modal(text_input("note"), text_input("why")))
        state = {
            "note": {"value": {"type": "plain_text_input", "value": "done"}},
            "forged": {"value": {"type": "plain_text_input", "value": "x"}},
        }
        body = {"persona": DANA, "view_id": view["id"]}
        answer = await slack.ui("submit", **body, state=state)
        assert answer["errors"] == {"why": "Please complete this required field."}
        assert seen == []
        state["why"] = {"value": {"type": "plain_text_input", "value": "it is"}}
        assert (await slack.ui("submit", persona=SAM, view_id=view["id"]))["ok"] is False
        answer = await slack.ui("submit", **body, state=state)
    assert (answer["ok"], answer["response_action"]) == (True, None)
    payload = seen[0]
    assert payload["team"]["id"] == payload["user"]["team_id"] == "T0ACME"
    assert payload["view"]["app_installed_team_id"] == "T0INTERFY"
    assert payload["view"]["state"]["values"] == {
        "note": {"value": {"type": "plain_text_input", "value": "done"}},
        "why": {"value": {"type": "plain_text_input", "value": "it is"}},
    }
    assert slack.server.interactions.stack(DANA) == []


@pytest.mark.parametrize(
    ("response", "stack"),
    [
        ({"response_action": "clear"}, []),
        ({"response_action": "errors", "errors": {"note": "No"}}, ["Form"]),
        (
            {"response_action": "update", "view": modal(title={"type": "plain_text", "text": "B"})},
            ["B"],
        ),
        (
            {"response_action": "push", "view": modal(title={"type": "plain_text", "text": "B"})},
            ["Form", "B"],
        ),
    ],
    ids=lambda value: value.get("response_action") if isinstance(value, dict) else "",
)
async def test_an_acknowledgement_may_steer_the_modal(
    slack: Slack, response: Json, stack: list[str]
) -> None:
    app = slack.bolt()

    @app.view("form")
    async def submitted(ack: Any) -> None:
        await ack(**response)

    async with slack.connected(app):
        view = await _open_modal(slack, app, SAM, modal(text_input("note", optional=True)))
        answer = await slack.ui("submit", persona=SAM, view_id=view["id"], state={})
    assert answer["response_action"] == response["response_action"]
    assert answer.get("errors") == response.get("errors")
    titles = [one["title"]["text"] for one in slack.server.interactions.stack(SAM)]
    assert titles == stack


async def test_a_view_that_slack_refuses_in_an_answer_is_a_visible_failure(slack: Slack) -> None:
    app = slack.bolt()

    @app.view("form")
    async def submitted(ack: Any) -> None:
        await ack(response_action="update", view=modal(section("x" * 3001)))

    async with slack.connected(app):
        view = await _open_modal(slack, app, SAM, modal(text_input("note", optional=True)))
        answer = await slack.ui("submit", persona=SAM, view_id=view["id"], state={})
    assert answer["ok"] is False
    assert slack.delivered("toast")[0]["text"] == "We had some trouble connecting. Try again?"
    assert slack.delivered("bad_response")[0]["error"] == "invalid_arguments"


async def test_three_modals_lie_on_one_another_and_no_fourth(slack: Slack) -> None:
    app, results = slack.bolt(), list[str]()

    @app.action("more")
    async def more(ack: Any, body: Json, client: Any) -> None:
        await ack()
        view = modal(row(button("more")))
        answer = client.views_push(trigger_id=body["trigger_id"], view=view)
        if len(results) == 2:
            results.append(await code_of(answer))
        else:
            results.append((await answer)["view"]["id"])

    async with slack.connected(app):
        view = await _open_modal(slack, app, SAM, modal(row(button("more"))))
        top = view["id"]
        for number in range(1, 4):
            source = {"type": "view", "view_id": top}
            answer = await slack.ui(
                "action", persona=SAM, source=source, block_id="row", action_id="more"
            )
            assert answer["ok"]
            await until(lambda wanted=number: len(results) == wanted)
            top = results[-1]
    assert results[2] == "push_limit_reached"
    stack = slack.server.interactions.stack(SAM)
    assert [one["previous_view_id"] for one in stack] == [None, view["id"], results[0]]


async def test_an_update_keeps_what_was_entered_and_refuses_an_old_hash(slack: Slack) -> None:
    app = slack.bolt()
    async with slack.connected(app):
        view = await _open_modal(slack, app, SAM, modal(text_input("note"), row(button("x"))))
    entered = {"note": {"value": {"type": "plain_text_input", "value": "half a"}}}
    slack.server.delivery.ack_seconds = 0.01
    await slack.ui(
        "action",
        persona=SAM,
        source={"type": "view", "view_id": view["id"]},
        block_id="row",
        action_id="x",
        state=entered,
    )
    fresh = modal(text_input("note"), text_input("why"))
    updated = await slack.client.views_update(view_id=view["id"], hash=view["hash"], view=fresh)
    assert updated["view"]["id"] == view["id"]
    values = updated["view"]["state"]["values"]
    assert [values[one]["value"]["value"] for one in ("note", "why")] == ["half a", None]
    stale = slack.client.views_update(view_id=view["id"], hash=view["hash"], view=fresh)
    assert await code_of(stale) == "hash_conflict"
    assert await code_of(slack.client.views_update(view_id="V0", view=fresh)) == "not_found"


async def test_closing_a_modal_tells_the_app_that_asked_to_know(slack: Slack) -> None:
    app, closed = slack.bolt(), list[Json]()

    @app.view_closed("form")
    async def gone(ack: Any, body: Json) -> None:
        await ack()
        closed.append(body)

    async with slack.connected(app):
        view = await _open_modal(slack, app, SAM, modal(notify_on_close=True))
        assert (await slack.ui("close", persona=SAM, view_id=view["id"]))["ok"]
    assert closed[0]["view"]["id"] == view["id"]
    assert slack.server.interactions.stack(SAM) == []


async def test_an_external_select_asks_the_app_for_its_options(slack: Slack) -> None:
    app, asked = slack.bolt(), list[Json]()

    @app.options("target")
    async def options(ack: Any, body: Json) -> None:
        asked.append(body)
        option = {"text": {"type": "plain_text", "text": "Concrete"}, "value": "5"}
        await ack(options=[option])

    async with slack.connected(app):
        element = {"type": "external_select", "action_id": "target", "min_query_length": 0}
        posted = await slack.client.chat_postMessage(channel=ACME, text="x", blocks=[row(element)])
        answer = await slack.ui(
            "options",
            persona=DANA,
            source={"type": "message", "channel": ACME, "ts": posted["ts"]},
            block_id="row",
            action_id="target",
            value="con",
        )
    assert answer["options"][0]["text"]["text"] == "Concrete"
    assert (asked[0]["value"], asked[0]["user"]["team_id"]) == ("con", "T0ACME")


async def test_opening_the_home_tab_lets_the_app_publish_it(slack: Slack) -> None:
    app, opened = slack.bolt(), list[Json]()

    @app.event("app_home_opened")
    async def home(event: Json, client: Any) -> None:
        opened.append(event)
        view = {"type": "home", "blocks": [section("Onboardings")]}
        await client.views_publish(user_id=event["user"], view=view)

    async with slack.connected(app):
        first = (await slack.http.get("/_ui/home", params={"persona": SAM})).json()
        await until(lambda: slack.delivered("home"))
        outside = (await slack.http.get("/_ui/home", params={"persona": DANA})).json()
        second = (await slack.http.get("/_ui/home", params={"persona": SAM})).json()
        await until(lambda: len(opened) == 2)
    assert first["view"] is None
    assert second["view"]["blocks"][0]["text"]["text"] == "Onboardings"
    assert (outside["view"], "work in progress" in outside["note"]) == (None, True)
    assert [one["user"] for one in opened] == [SAM, SAM]


async def test_an_unacknowledged_command_fails_before_the_persons_eyes() -> None:
    async with running(ack_seconds=0.05) as slack:
        app = slack.bolt()

        @app.command("/onboard")
        async def onboard(ack: Any) -> None:
            pass

        async with slack.connected(app):
            answer = await slack.say(SAM, "/onboard status")
        assert answer["message"] == '/onboard failed with the error "operation_timeout"'
        assert slack.delivered("toast")[0]["user"] == SAM


async def test_without_an_app_a_command_fails_at_once(slack: Slack) -> None:
    answer = await slack.say(SAM, "/onboard status")
    assert answer["message"] == '/onboard failed with the error "dispatch_failed"'


async def _raw_socket(slack: Slack, session: aiohttp.ClientSession) -> Any:
    answer = await slack.client.apps_connections_open(app_token=slack.server.state.app_token)
    socket = await session.ws_connect(answer["url"])
    hello = await socket.receive_json()
    assert hello["type"] == "hello"
    return socket, hello


async def test_an_unacknowledged_event_comes_again_at_once_and_after_minutes() -> None:
    async with running(ack_seconds=0.05) as slack, aiohttp.ClientSession() as session:
        socket, hello = await _raw_socket(slack, session)
        assert (hello["num_connections"], hello["connection_info"]) == (1, {"app_id": "A0ONECORE"})
        await slack.say(SAM, "hello")
        first = await socket.receive_json()
        second = await socket.receive_json()
        assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
        assert second["retry_reason"] == "timeout"
        assert first["payload"]["event_id"] == second["payload"]["event_id"]
        assert first["envelope_id"] != second["envelope_id"]
        await until(lambda: len(slack.deliveries("message")) == 2)
        slack.later(minutes=1)
        third = await socket.receive_json()
        assert third["retry_attempt"] == 2
        await socket.send_json({"envelope_id": third["envelope_id"]})
        await socket.close()


async def test_each_payload_goes_to_one_of_the_open_sockets(slack: Slack) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [(await _raw_socket(slack, session))[0] for _ in range(2)]
        got: list[list[str]] = [[], []]

        async def read(place: int) -> None:
            async for frame in sockets[place]:
                envelope = json.loads(frame.data)
                got[place].append(envelope["payload"]["event"]["text"])
                await sockets[place].send_json({"envelope_id": envelope["envelope_id"]})

        readers = [asyncio.create_task(read(place)) for place in range(2)]
        for number in range(12):
            await slack.say(SAM, str(number))
        await until(lambda: len(got[0]) + len(got[1]) == 12)
        for socket in sockets:
            await socket.close()
        await asyncio.gather(*readers)
    assert sorted(map(int, got[0] + got[1])) == list(range(12))
    assert got[0]
    assert got[1]


async def _take(socket: Any) -> Json:
    """Receive and acknowledge one envelope."""
    envelope: Json = await asyncio.wait_for(socket.receive_json(), 5)
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    return envelope


async def test_an_event_whose_socket_dies_goes_to_another_at_once(slack: Slack) -> None:
    async with aiohttp.ClientSession() as session:
        first, _ = await _raw_socket(slack, session)
        await slack.say(SAM, "hello")
        lost = await first.receive_json()
        second, hello = await _raw_socket(slack, session)
        assert hello["num_connections"] == 2
        await first.close()
        again = await _take(second)
        assert again["retry_attempt"] == 1
        assert again["payload"]["event_id"] == lost["payload"]["event_id"]
        await second.close()


async def test_an_event_waits_for_an_app_that_was_away(slack: Slack) -> None:
    await slack.say(SAM, "hello")
    async with aiohttp.ClientSession() as session:
        socket, _ = await _raw_socket(slack, session)
        slack.later(minutes=1)
        envelope = await _take(socket)
        assert (envelope["retry_attempt"], envelope["payload"]["event"]["text"]) == (2, "hello")
        await socket.close()


async def test_the_apps_own_messages_come_as_events_with_its_bot_id(slack: Slack) -> None:
    async with aiohttp.ClientSession() as session:
        socket, _ = await _raw_socket(slack, session)
        posted = await slack.client.chat_postMessage(
            channel=ACME, text="a", metadata={"event_type": "k", "event_payload": {}}
        )
        await slack.client.chat_update(channel=ACME, ts=posted["ts"], text="b")
        await slack.client.chat_delete(channel=ACME, ts=posted["ts"])
        events = [(await _take(socket))["payload"]["event"] for _ in range(3)]
        await slack.edit(uninstall=True)
        last = {(await _take(socket))["payload"]["event"]["type"] for _ in range(2)}
        await socket.close()
    assert (events[0]["bot_id"], events[0]["user"], events[0]["text"]) == ("B0ONECORE", BOT, "a")
    assert [one.get("subtype") for one in events] == [None, "message_changed", "message_deleted"]
    assert events[1]["message"]["text"] == "b"
    assert events[1]["previous_message"]["text"] == "a"
    assert last == {"tokens_revoked", "app_uninstalled"}


async def test_a_refresh_makes_the_client_come_back_by_itself(slack: Slack) -> None:
    app = slack.bolt()

    @app.command("/onboard")
    async def onboard(ack: Any) -> None:
        await ack("still here")

    async with slack.connected(app):
        told = await slack.edit(socket={"disconnect": "refresh_requested"})
        assert told["disconnected"] == 1
        await until(lambda: slack.server.delivery.hub.connected == 1)
        assert (await slack.say(SAM, "/onboard status"))["ok"]


async def test_a_deaf_socket_loses_a_click_but_an_event_comes_again() -> None:
    async with running(ack_seconds=0.05) as slack:
        app, heard = slack.bolt(), list[str]()

        @app.event("message")
        async def message(event: Json) -> None:
            heard.append(event["text"])

        async with slack.connected(app):
            await slack.edit(socket={"deaf": True})
            answer = await slack.say(SAM, "/onboard status")
            assert answer["error"] == "operation_timeout"
            await slack.say(SAM, "hello")
            await until(lambda: len(slack.deliveries("message")) == 2)
            assert heard == []
            await slack.edit(socket={"deaf": False})
            slack.later(minutes=1)
            await until(lambda: heard == ["hello"])


async def test_a_ticket_opens_one_socket(slack: Slack) -> None:
    async with aiohttp.ClientSession() as session:
        answer = await slack.client.apps_connections_open(app_token=slack.server.state.app_token)
        socket = await session.ws_connect(answer["url"])
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(answer["url"])
        await socket.close()


async def test_edits_of_the_world_are_told_as_events(slack: Slack) -> None:
    app = slack.bolt()
    kept = _keeping(app)
    await slack.edit(events=[*slack.server.state.app.events, "member_left_channel"])
    for name in (
        "member_joined_channel",
        "member_left_channel",
        "channel_rename",
        "channel_shared",
        "channel_unshared",
    ):

        @app.event(name)
        async def nothing() -> None:
            pass

    async with slack.connected(app):
        await slack.edit(
            memberships=[
                {"channel": SUPPORT, "user": "U0GUEST"},
                {"channel": SUPPORT, "user": PRIYA, "joined": False},
            ],
            channels=[
                {"id": SUPPORT, "name": "support"},
                {"id": SUPPORT, "share_with": "T0ACME"},
                {"id": ACME, "unshare_with": "T0ACME"},
            ],
        )
        await until(lambda: len(kept) == 5)
    assert {one["event"]["type"] for one in kept} == {
        "member_joined_channel",
        "member_left_channel",
        "channel_rename",
        "channel_shared",
        "channel_unshared",
    }
    assert DANA not in slack.server.state.channels[ACME].members
