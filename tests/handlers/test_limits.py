"""Every message and view keeps within Slack's limits, and rings nobody, whatever the data."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

from bot.services.notices import Notice
from handlers import ids
from handlers.blocks.base import MESSAGE_CHARACTERS, Message
from handlers.listeners import BUTTONS, FORMS
from integrations.sandbox.slack.blockkit.surfaces import check_message_blocks, check_view
from tests.handlers.surfaces import all_notices, messages, views

HERE = Path(__file__).parent
BLOCKS = HERE.parent.parent / "handlers" / "blocks"
TEXT_LIMITS = {"header": 150, "section": 3000, "context": 3000}
INPUTS_WITHOUT_LISTENER = {ids.ENTRY}


@cache
def all_messages() -> dict[str, Message]:
    """Built when the first test asks, not while tests are collected."""
    return dict(messages())


@cache
def all_views() -> dict[str, dict[str, Any]]:
    """As with the messages."""
    return dict(views())


def elements(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield from block.get("elements", [])
        for place in ("accessory", "element"):
            if place in block:
                yield block[place]


def texts(value: object) -> Iterator[dict[str, Any]]:
    """Every text object."""
    if isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "plain_text") and "text" in value:
            yield value
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def check_blocks(name: str, blocks: list[dict[str, Any]]) -> None:
    for block in blocks:
        if "text" in block:
            size = len(block["text"]["text"])
            assert 0 < size <= TEXT_LIMITS[block["type"]], (name, block)
        if block["type"] == "actions":
            ids_in_row = [(e["action_id"], e.get("url")) for e in block["elements"]]
            assert 0 < len(ids_in_row) <= 25, name
            assert len({one for one, _ in ids_in_row}) == len(ids_in_row), (name, ids_in_row)
        if block["type"] == "context":
            assert 0 < len(block["elements"]) <= 10, name
            assert all(0 < len(e["text"]) <= 3000 for e in block["elements"]), name
        if block["type"] == "input":
            assert len(block["label"]["text"]) <= 2000, name
    for element in elements(blocks):
        check_element(name, element)


def check_element(name: str, element: dict[str, Any]) -> None:
    if element["type"] == "button":
        assert 0 < len(element["text"]["text"]) <= 75, (name, element)
        assert len(element.get("value", "")) <= 2000, name
        assert len(element.get("url", "")) <= 3000, name
    for option in element.get("options", []):
        assert 0 < len(option["text"]["text"]) <= 75, (name, option)
        assert 0 < len(option["value"]) <= 75, (name, option)
    if element["type"] == "overflow":
        assert 2 <= len(element["options"]) <= 5, name


def test_every_message() -> None:
    """Blocks, characters, and a text that is one sentence for those who hear it read."""
    for name, message in all_messages().items():
        arguments = message.arguments()
        assert 0 < len(message.blocks) <= 50, name
        assert len(json.dumps(arguments["blocks"])) <= MESSAGE_CHARACTERS, name
        assert 0 < len(arguments["text"]) <= 4000, name
        assert "\n" not in arguments["text"], name
        assert arguments["text"].endswith((".", "!", "?", ":", "…")), name
        check_blocks(name, arguments["blocks"])


def test_every_view() -> None:
    """At most 100 blocks and 250 kB, titles of 24, and metadata that comes back whole."""
    for name, view in all_views().items():
        assert 0 < len(view["blocks"]) <= 100, name
        assert len(json.dumps(view)) < 250_000, name
        assert len(view["private_metadata"]) <= 3000, name
        for part in ("title", "submit", "close"):
            if part in view:
                assert 0 < len(view[part]["text"]) <= 24, (name, part)
        check_blocks(name, view["blocks"])


def test_no_text_from_outside_rings_or_links() -> None:
    """Slack's control sequences stand only where we put them: people, channels, our links."""
    surfaces: list[tuple[str, object]] = [
        (n, m.arguments()["blocks"]) for n, m in all_messages().items()
    ]
    surfaces += [(name, view["blocks"]) for name, view in all_views().items()]
    ours = re.compile(r"<@[UW][A-Z0-9]+>|<#C[A-Z0-9]+>|<https://(?!evil)[^<>|]+\|[^<>]+>")
    for name, blocks in surfaces:
        for text in texts(blocks):
            if text["type"] == "mrkdwn":
                rest = ours.sub("", text["text"])
                assert "<" not in rest, (name, rest[:300])
                assert ">" not in rest, (name, rest[:300])
                assert "*A &amp; B*" not in rest, name
                assert not re.search(r"&(?!amp;|lt;|gt;)", rest), (name, rest[:300])
    for name, message in all_messages().items():
        assert "<!channel>" not in message.arguments()["text"], name


def test_every_id_in_use_has_a_listener() -> None:
    """A button, menu or form that nobody listens to cannot be shown."""
    heard = {str(one) for one in BUTTONS} | {ids.ActionId.MENU, ids.ActionId.SUGGESTION}
    heard |= {ids.ActionId.PERSON, ids.ActionId.TARGET, ids.ActionId.CUSTOMER}
    surfaces = [list(m.blocks) for m in all_messages().values()]
    surfaces += [view["blocks"] for view in all_views().values()]
    used = {
        str(one["action_id"])
        for blocks in surfaces
        for one in elements(blocks)
        if "action_id" in one
    }
    assert used - INPUTS_WITHOUT_LISTENER <= heard
    assert heard <= used, "a listener that nothing leads to"
    submitted = {v["callback_id"] for v in all_views().values() if "submit" in v}
    assert submitted == {str(one) for one in FORMS}


def test_every_notice_is_shown() -> None:
    """A new kind of notice without a message fails here."""
    assert {type(one) for one in all_notices().values()} == set(get_args(Notice))


def test_slack_takes_them_all() -> None:
    """The stand-in checks blocks as Slack does: none of ours is refused."""
    for name, view in all_views().items():
        assert check_view(json.loads(json.dumps(view)), view["type"]) == [], name
    for name, message in all_messages().items():
        assert check_message_blocks(message.arguments()["blocks"]) == [], name


def test_every_builder_is_among_them() -> None:
    """A new builder that these tests don't feed with attacks fails here."""
    fed = "".join((HERE / name).read_text("utf-8") for name in ("surfaces.py", "lists.py"))
    # These are fed through ``build_notice``, whose kinds are all there.
    fed += (BLOCKS / "notices.py").read_text("utf-8")
    built = [
        found
        for path in BLOCKS.glob("*.py")
        for found in re.findall(r"^def (build_\w+)", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(built) > 20
    assert [name for name in built if f"{name}(" not in fed and f": {name}," not in fed] == []
