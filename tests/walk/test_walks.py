"""The walks, all at once: each is mostly waiting, and has a demo and a tab of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest

from bot.commands.serve import run_demo
from integrations.sandbox.world.model import World
from tests.browser import OpenPage
from tests.small_world import acme_alone, small_demo
from tests.walk.bookkeeper import a_mention_is_enough_for_everything
from tests.walk.matching import a_suggestion_accepted_and_not_a_duplicate
from tests.walk.person import Person
from tests.walk.ten_days import (
    on_a_monday,
    ten_days_bring_a_reminder_each_working_day_and_what_else_is_due,
)
from tests.walk.ticks_itself import a_change_in_the_side_panel_ticks_the_card
from tests.walk.whole_way import from_status_to_the_accepted_hand_off

UNHURRIED = {"ack_seconds": 60, "trigger_seconds": 60}

Walk = Callable[[Person], Awaitable[None]]

WALKS: tuple[tuple[tuple[Walk, ...], Callable[[], World]], ...] = (
    ((from_status_to_the_accepted_hand_off,), acme_alone),
    ((a_mention_is_enough_for_everything,), small_demo),
    # One goes on where the one before left off: a demo and a tab cost as much as a short walk.
    (
        (
            a_change_in_the_side_panel_ticks_the_card,
            a_suggestion_accepted_and_not_a_duplicate,
            ten_days_bring_a_reminder_each_working_day_and_what_else_is_due,
        ),
        on_a_monday,
    ),
)


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_the_walks(open_page: OpenPage) -> None:
    """What each shows, it says itself; the one that fails is in the group of errors."""
    starting = asyncio.Lock()

    async def walked(walks: tuple[Walk, ...], world: World) -> None:
        async with AsyncExitStack() as stack:
            # One after the other: within a process alembic migrates one database at a time.
            async with starting:
                demo = await stack.enter_async_context(run_demo(0, world))
            # Slack's three seconds have tests of their own; here they would judge the machine.
            async with httpx.AsyncClient(base_url=demo) as client:
                (await client.post("/_world/edits", json=UNHURRIED)).raise_for_status()
            page = await open_page("about:blank")
            # A page whose demo has ended would complain while the others still walk.
            stack.push_async_callback(page.goto, "about:blank")
            for walk in walks:
                await walk(Person(page, demo))

    async with asyncio.TaskGroup() as group:
        for walks, world in WALKS:
            group.create_task(walked(walks, world()))
