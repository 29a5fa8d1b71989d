"""Large JSON is read without holding up the loop, exactly as json.loads would."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import decode
from integrations.decode import loads
from tests.any_text import CHARACTERS

TEXTS = [
    "",
    "a",
    "two words",
    '"',
    "\\",
    '\\"',
    "],",
    "{}",
    ":",
    "\n\t",
    "\x00",
    "é",
    "\u2028",
    "😀",
]
LEAVES = [None, True, False, 0, -1, 2**70, 1.5, -0.0, 1e300, 5e-324, float("inf"), *TEXTS]
JSON = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(TEXTS), inner),
    max_leaves=20,
)


def test_the_walker_agrees_with_json():
    """Any value, compact or with white space."""
    with asyncio.Runner() as runner:

        @given(JSON, st.text(CHARACTERS), st.sampled_from([None, 1]))
        def agrees(value: object, other: str, indent: int | None) -> None:
            for whole in (value, {other: [other, value]}):
                text = json.dumps(whole, indent=indent)
                assert runner.run(decode._Walker(text).whole()) == whole

        agrees()


@pytest.mark.parametrize(
    "text", ["", "[1", "[1,", "[1 2]", '{"a"', '{"a":1', "{1:2}", "[1] x", '{"a" 1}', "nope"]
)
async def test_the_walker_refuses_what_is_not_json(text):
    """Half a text, or text after the end, is a ValueError as from json.loads."""
    with pytest.raises(ValueError, match=r".*"):
        await decode._Walker(text).whole()


async def test_other_tasks_run_while_a_page_is_read():
    """Several megabytes give way to other tasks many times."""
    rows = [{"id": n, "name": "Vendor " * 100} for n in range(3000)]
    body = json.dumps(rows).encode()
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    assert await loads(body) == rows
    task.cancel()
    assert turns >= len(body) // 400_000


async def test_half_a_surrogate_pair_becomes_text_that_can_be_stored_and_sent():
    """JSON may hold one; a database, Slack and a workbook refuse it."""
    row = await loads(rb'{"name": "Acme \ud83d Pty", "other": "Caf\u00e9 \ud83d\ude00"}')
    assert isinstance(row, dict)
    assert decode.text(row, "name") == "Acme ? Pty"
    assert decode.text(row, "other") == "Café 😀"
