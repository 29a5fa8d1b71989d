"""Ending the rounds: at once, whatever they wait for, and without a word."""

import asyncio
import logging

import pytest

from bot.scheduling import Rounds


async def test_a_round_that_waits_is_ended_at_once_and_that_is_no_error(
    caplog: pytest.LogCaptureFixture,
):
    begun, ended = asyncio.Event(), False

    async def run() -> int:
        nonlocal ended
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended = True
        return 0

    rounds = Rounds()
    with caplog.at_level(logging.INFO):
        rounds.every(0.01, "send", run)
        rounds.start()
        await begun.wait()
        await rounds.stop()
        # The scheduler hears of it in the loop's next turns.
        await asyncio.sleep(0.01)
    assert ended
    assert rounds.failures == 0
    assert caplog.records == []
