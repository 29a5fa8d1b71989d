"""No more is under way than there is room for, and whoever is turned away loses nothing."""

import asyncio

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import words
from handlers.room import Room
from tests.handlers.kit import Bot
from tests.sandbox.slack_kit import ACME, SAM


async def visit(room: Room, name: str, done: list[str], until: asyncio.Event) -> None:
    async with room.place() as came_free:
        done.append(f"{name} {came_free}")
        if came_free:
            await until.wait()


async def test_who_waits_gets_a_place_in_the_order_of_coming() -> None:
    room, done, until = Room(1, 60), list[str](), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for name in "abc":
            group.create_task(visit(room, name, done, until))
        await asyncio.sleep(0)
        assert done == ["a True"]
        until.set()
    assert done == ["a True", "b True", "c True"]


async def test_who_gets_none_in_time_is_told_and_keeps_none() -> None:
    room, done, until = Room(1, 0.01), list[str](), asyncio.Event()
    # Begun before, and let in whatever there was.
    room.take()
    await visit(room, "a", done, until)
    room.leave()
    until.set()
    await visit(room, "b", done, until)
    assert done == ["a False", "b True"]


async def test_who_gives_up_waiting_leaves_the_place_to_the_next() -> None:
    room, done, until = Room(1, 60), list[str](), asyncio.Event()
    first, second, third = (asyncio.create_task(visit(room, n, done, until)) for n in "abc")
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    until.set()
    await asyncio.wait_for(asyncio.gather(first, third), 60)
    assert done == ["a True", "c True"]


COMMAND = {
    "command": "/onboard",
    "text": "help",
    "user_id": SAM,
    "team_id": "T0INTERFY",
    "channel_id": ACME,
    "trigger_id": "1.1",
}
EVENT = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_mention"}}


async def test_a_delivery_without_room_is_not_taken_in_and_may_come_again(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command is answered with a sentence; of an event Slack is told to deliver it again."""

    async def send(body: dict[str, object]) -> BoltResponse:
        return await bot.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))

    room = Room(0, 0.01)
    with monkeypatch.context() as patched:
        patched.setattr(bot.app.registry, "_room", room)
        answer = await send(COMMAND)
        assert (answer.status, words.trouble.BUSY in answer.body) == (200, True)
        assert (await send(EVENT)).status == 503
    assert await bot.read(SAM) == []
    assert (await send(COMMAND)).body == ""
    await bot.settle()
    assert len(await bot.read(SAM)) == 1


async def test_a_command_that_cannot_be_written_down_is_answered_with_a_sentence(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack repeats no command, and would say "operation_timeout" to the person."""

    async def full(_key: str) -> bool:
        raise OSError("disk full")

    monkeypatch.setattr(bot.services.inbox, "accept", full)
    answer = await bot.app.async_dispatch(AsyncBoltRequest(body=COMMAND, mode="socket_mode"))
    assert (answer.status, words.trouble.NOT_WRITTEN in answer.body) == (200, True)
    await bot.settle()
    assert await bot.read(SAM) == []
