"""Socket Mode: envelopes, acknowledgements, retries, several and dying connections."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.sandbox.slack_kit import (
    ACME,
    BOT,
    DANA,
    PRIYA,
    SAM,
    SUPPORT,
    Slack,
    keeping,
    running,
    until,
)

Json = dict[str, Any]


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
    envelope: Json = await asyncio.wait_for(socket.receive_json(), 60)
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
    kept = keeping(app)
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
