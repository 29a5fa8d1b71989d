"""A short run of ``make claim NAME=fuzz``: the same requests, handed to the web application."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from itertools import islice

import httpx
from starlette.applications import Starlette

from benchmarks.access.rig import quiet
from benchmarks.fuzz import bodies
from benchmarks.fuzz.server import web
from bot.web import LARGEST_BODY, SLACK_PATH
from handlers.shapes import is_slacks
from tests.each import each


async def attacked(requests: int) -> tuple[Counter[int], int]:
    """How often each status was answered; and that of a body that does not say how large it is."""
    async with web() as (_bot, app, listener), client(app) as http:
        counts: Counter[int] = Counter()
        for sent in islice(bodies(seed=2), requests):
            headers = {name: value.encode() for name, value in sent.headers.items()}
            answer = await http.post(SLACK_PATH, content=sent.body, headers=headers)
            assert answer.status_code < 500, sent
            counts[answer.status_code] += 1
            await quiet()
        assert not listener.first
        too_large = await http.post(SLACK_PATH, content=_too_much())
    return counts, too_large.status_code


def client(app: Starlette) -> httpx.AsyncClient:
    """Speaks to the application without a socket; its exceptions come out here."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot")


async def _too_much() -> AsyncIterator[bytes]:
    for _ in range(3):
        yield b"x" * (LARGEST_BODY // 2)


def test_no_request_breaks_the_endpoint_or_is_quoted_in_the_log() -> None:
    counts, too_large = asyncio.run(attacked(160))
    assert set(counts) == {200, 400, 401, 404, 413}
    assert too_large == 413, "a body that does not say how large it is is cut off"


@each(
    [
        [],
        7,
        {"type": 7},
        {"type": ["block_actions"]},
        {"command": "/onboard", "user_id": "U0DANA"},
        {"command": "/onboard", "user_id": "Dana Okafor", "channel_id": "C0ACME"},
        {"type": "event_callback", "event_id": "Ev1", "event": {}},
        {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message", "user": {}}},
        {"type": "event_callback", "event_id": "E\ud800", "event": {"type": "message"}},
        {"type": "view_closed", "event": None},
        {"type": "block_actions", "user": {"id": "U0DANA"}, "actions": []},
        {"type": "block_actions", "user": {"id": "U0DANA"}, "actions": [{"value": "x"}]},
        {"type": "view_submission", "user": {"id": "U0DANA"}, "view": {"type": "modal"}},
    ]
)
def test_a_shape_that_slack_never_sends_is_known_as_such(body: object) -> None:
    assert not is_slacks(body)


def test_a_kind_that_we_do_not_listen_to_has_no_shape() -> None:
    assert is_slacks({"type": "view_closed", "anything": 1})
