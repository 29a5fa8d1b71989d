"""Block Kit limits: what Slack refuses, with the JSON pointer of the fault."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.slack.blockkit import check_message_blocks, check_view
from integrations.sandbox.slack.interactions import initial_values, with_block_ids
from integrations.sandbox.slack.state import SlackState
from tests.sandbox.slack_kit import (
    START,
    button,
    modal,
    plain,
    row,
    section,
    small_world,
    text_input,
)

Json = dict[str, Any]


def _option(number: int, **more: Any) -> Json:
    return {"text": plain(f"Option {number}"), "value": str(number), **more}


def _select(count: int, **more: Any) -> Json:
    options = [_option(number) for number in range(count)]
    return {"type": "static_select", "action_id": "s", "options": options, **more}


def _overflow(count: int) -> Json:
    options = [_option(number) for number in range(count)]
    return {"type": "overflow", "action_id": "o", "options": options}


GOOD: list[Json] = [
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    section("x" * 3000),
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2000}] * 10},
    {**section("a"), "accessory": _overflow(5)},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10},
    row(*(button(str(number), value="x" * 2000) for number in range(25))),
    row(_select(100)),
    text_input("name"),
    {"type": "image", "alt_text": "A", "image_url": "https://example.com/a.png"},
    {"type": "markdown", "text": "x" * 12_000},
    {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]],
    },
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}],
    },
    {"type": "container", "title": plain("More"), "child_blocks": [section("a")]},
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block["type"]))
def test_a_block_at_its_limits_is_taken(block: Json) -> None:
    assert check_message_blocks([block]) == []


BAD: list[tuple[Json, str, str]] = [
    ({"type": "header", "text": plain("x" * 151)}, "/text/text", "less than 151"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "/text/type", "plain_text"),
    (section("x" * 3001), "/text/text", "less than 3001"),
    (section(""), "/text/text", "more than 0"),
    ({"type": "section"}, "", "text or fields"),
    ({"type": "section", "fields": [plain("x")] * 11}, "/fields", "no more than 10"),
    ({"type": "section", "fields": [plain("x" * 2001)]}, "/fields/0/text", "less than 2001"),
    ({**section("a"), "accessory": _overflow(6)}, "/accessory/options", "no more than 5"),
    ({**section("a"), "colour": "red"}, "", "invalid additional property: colour"),
    (
        {"type": "section", "text": {"type": "mrkdwn", "text": "a", "emoji": True}},
        "/text",
        "invalid additional property: emoji",
    ),
    ({"type": "context", "elements": [plain("x")] * 11}, "/elements", "no more than 10"),
    ({"type": "context", "elements": [button("a")]}, "/elements/0/type", "unsupported element"),
    (row(*(button(str(n)) for n in range(26))), "/elements", "no more than 25"),
    (row(button("a", "x" * 76)), "/elements/0/text/text", "less than 76"),
    (row(button("a", value="x" * 2001)), "/elements/0/value", "less than 2001"),
    (row(button("a", url="https://" + "x" * 3000)), "/elements/0/url", "less than 3001"),
    (row(button("a", url="nowhere")), "/elements/0/url", "valid URL"),
    (row(button("x" * 256)), "/elements/0/action_id", "less than 256"),
    (row(button("a", style="warning")), "/elements/0/style", "one of"),
    (row(button("a"), button("a")), "/elements/1/action_id", "already exists"),
    (row(_select(101)), "/elements/0/options", "no more than 100"),
    (row(_select(0)), "/elements/0/options", "no fewer than 1"),
    (
        row(_select(2, initial_option=_option(7))),
        "/elements/0",
        "not found in options",
    ),
    (
        row(_select(1, placeholder=plain("x" * 151))),
        "/elements/0/placeholder/text",
        "less than 151",
    ),
    (
        row({"type": "static_select", "action_id": "s"}),
        "/elements/0",
        "exactly one of",
    ),
    (
        row({**_select(0), "options": [{"text": plain("a"), "value": "x" * 151}]}),
        "/elements/0/options/0/value",
        "less than 151",
    ),
    (
        row({**_select(0), "options": [{"text": plain("x" * 76), "value": "a"}]}),
        "/elements/0/options/0/text/text",
        "less than 76",
    ),
    (
        row(
            button(
                "a",
                confirm={
                    "title": plain("x" * 101),
                    "text": plain("a"),
                    "confirm": plain("a"),
                    "deny": plain("a"),
                },
            )
        ),
        "/elements/0/confirm/title/text",
        "less than 101",
    ),
    (row({"type": "plain_text_input", "action_id": "a"}), "/elements/0/type", "unsupported"),
    (
        {**section("a"), "accessory": {"type": "datetimepicker", "action_id": "a"}},
        "/accessory/type",
        "unsupported element in section",
    ),
    ({"type": "image", "alt_text": "a"}, "", "exactly one of"),
    ({"type": "image", "image_url": "https://e.com/a"}, "", "missing required field: alt_text"),
    ({"type": "markdown", "text": "x" * 12_001}, "/text", "less than 12001"),
    ({"type": "alert", "text": plain("a")}, "/type", "unsupported type: alert"),
    ({"type": "hologram"}, "/type", "unsupported type: hologram"),
    ({**section("a"), "block_id": "x" * 256}, "/block_id", "less than 256"),
    (
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}], []]},
        "/rows",
        "same number of cells",
    ),
    (
        {"type": "card", "body": plain("x" * 201)},
        "/body/text",
        "less than 201",
    ),
]


@pytest.mark.parametrize(("block", "pointer", "words"), BAD)
def test_a_block_beyond_a_limit_is_refused_at_its_pointer(
    block: Json, pointer: str, words: str
) -> None:
    problems = check_message_blocks([{"type": "divider"}, block])
    assert any(f"[json-pointer:/blocks/1{pointer}]" in one and words in one for one in problems), (
        problems
    )


_ODD: list[Any] = [
    *(None, True, 0, -7, 10**20, 0.5, "", "a", "\u202e\U0001f600\x00"),
    *([], [None], ["a", 1], [[]], [{}], {}, {"": None}, {"type": "a"}, {"type": ["a"]}),
    {"type": "mrkdwn", "text": {"text": []}},
]
"""What stands where something else belongs."""


_SMALL = [one for one in GOOD if len(str(one)) < 3000]


def _spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything inside a piece of JSON."""
    if not isinstance(value, dict | list):
        return []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [spot for key, one in inner for spot in [(*path, key), *_spots(one, (*path, key))]]


def _broken() -> Iterator[tuple[Json, str]]:
    """Each block with each odd value in each of its places, and what was done to it."""
    for good in _SMALL:
        for *heads, last in _spots(good):
            for odd in _ODD:
                block = copy.deepcopy(good)
                spot: Any = block
                for head in heads:
                    spot = spot[head]
                spot[last] = copy.deepcopy(odd)
                yield block, f"{good['type']} {heads} {last}: {odd!r}"


def test_a_block_broken_anywhere_is_judged_and_what_passes_can_be_shown() -> None:
    state = SlackState(small_world(), WorldClock(START, ticking=False))
    shown = 0
    for block, what in _broken():
        try:
            problems = check_message_blocks([block])
            if not problems:
                (made,) = with_block_ids(state, [block])
                assert made["block_id"]
                initial_values([made])
                shown += 1
        except Exception as error:
            raise AssertionError(what) from error
        for one in problems:
            assert one.startswith("[ERROR] "), what
            assert "[json-pointer:/blocks" in one, what
    assert shown > 50


def test_an_id_that_the_app_left_out_is_made_up() -> None:
    state = SlackState(small_world(), WorldClock(START, ticking=False))
    element = {"type": "plain_text_input"}
    block = {"type": "input", "label": plain("a"), "element": element}
    assert check_message_blocks([block]) == []
    shown = with_block_ids(state, [block])[0]
    assert shown["block_id"]
    assert shown["element"]["action_id"]
    assert element == {"type": "plain_text_input"}


def test_a_message_takes_50_blocks_and_a_view_100() -> None:
    assert check_message_blocks([{"type": "divider"}] * 50) == []
    assert "no more than 50" in check_message_blocks([{"type": "divider"}] * 51)[0]
    assert check_view(modal(*[{"type": "divider"}] * 100), "modal") == []
    assert "no more than 100" in check_view(modal(*[{"type": "divider"}] * 101), "modal")[0]


def test_a_block_id_may_be_used_once() -> None:
    problems = check_message_blocks([row(button("a")), row(button("a"))])
    assert problems == ['[ERROR] `block_id` "row" already exists [json-pointer:/blocks/1/block_id]']


VIEWS: list[tuple[Json, str]] = [
    (modal(title=plain("x" * 25)), "/view/title/text"),
    (modal(submit=plain("x" * 25)), "/view/submit/text"),
    (modal(close=plain("x" * 25)), "/view/close/text"),
    (modal(private_metadata="x" * 3001), "/view/private_metadata"),
    (modal(callback_id="x" * 256), "/view/callback_id"),
    (modal(external_id="x" * 256), "/view/external_id"),
    (modal(text_input("a"), submit=None), "/view"),
    (modal({"type": "markdown", "text": "a"}), "/view/blocks/0/type"),
    (modal(colour="red"), "/view"),
    (
        modal(
            text_input("a", element={"focus_on_load": True}),
            text_input("b", element={"focus_on_load": True}),
        ),
        "/view/blocks/1/element/focus_on_load",
    ),
    ({"type": "home", "blocks": []}, "/view/type"),
]


@pytest.mark.parametrize(("view", "pointer"), VIEWS)
def test_a_view_beyond_a_limit_is_refused_at_its_pointer(view: Json, pointer: str) -> None:
    problems = check_view(view, "modal")
    assert [one for one in problems if one.endswith(f"[json-pointer:{pointer}]")], problems


def test_an_alert_and_a_file_input_belong_in_modals() -> None:
    alert = {"type": "alert", "text": plain("Careful"), "level": "warning"}
    upload = {**text_input("f"), "element": {"type": "file_input", "action_id": "f"}}
    assert check_view(modal(alert, upload), "modal") == []
    home = {"type": "home", "blocks": [alert, upload]}
    assert len(check_view(home, "home")) == 2
