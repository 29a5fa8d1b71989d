"""Blocks: their fields, lengths and counts, and the surfaces that take them.

Limits: docs.slack.dev/reference/block-kit/blocks, @slack/types 3.2.0, slack_sdk 3.47. Newer blocks
(data_table, data_visualization, card, carousel, container, task_card, plan) are checked as far as
their limits are known; where Slack's page is silent any value passes.
"""

from typing import Any

from integrations.sandbox.slack.blockkit import elements
from integrations.sandbox.slack.blockkit.rules import (
    Report,
    Rule,
    anything,
    boolean,
    both,
    by_type,
    list_of,
    one_of,
    shape,
    string,
    text,
)

EVERYWHERE = ("message", "modal", "home")


def block(required: dict[str, Rule] | None = None, optional: dict[str, Rule] | None = None) -> Rule:
    """A block: a type, a block_id and its own fields."""
    return shape(
        {"type": anything, **(required or {})}, {"block_id": elements.ID, **(optional or {})}
    )


def _text_or_fields(report: Report, value: Any, pointer: str) -> None:  # noqa: ANN401
    if value.get("text") is None and value.get("fields") is None:
        report.fault(pointer, "missing required field: text or fields")


def _context_element(report: Report, value: object, pointer: str) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "image":
        elements.IMAGE(report, value, pointer)
    elif kind in ("plain_text", "mrkdwn"):
        text(3000)(report, value, pointer)
    else:
        report.fault(f"{pointer}/type", f"unsupported element in context: {kind}")


def _unique_actions(name: str) -> Rule:
    def check(report: Report, value: Any, pointer: str) -> None:  # noqa: ANN401
        seen: set[str] = set()
        items = value.get(name)
        for place, one in enumerate(items if isinstance(items, list) else []):
            action_id = one.get("action_id") if isinstance(one, dict) else None
            if isinstance(action_id, str) and action_id in seen:
                report.fault(
                    f"{pointer}/{name}/{place}/action_id",
                    f'`action_id` "{action_id}" already exists in this block',
                )
            seen.add(str(action_id))

    return check


def _file_input_in_modals(report: Report, value: Any, pointer: str) -> None:  # noqa: ANN401
    inner = value.get("element")
    if isinstance(inner, dict) and inner.get("type") == "file_input" and report.surface != "modal":
        report.fault(f"{pointer}/element/type", "unsupported element in input: file_input")


def _even_rows(report: Report, value: Any, pointer: str) -> None:  # noqa: ANN401
    rows = value.get("rows")
    widths = {len(row) for row in rows if isinstance(row, list)} if isinstance(rows, list) else {0}
    if len(widths) > 1:
        report.fault(f"{pointer}/rows", "all rows must have the same number of cells")


def _rich_text(report: Report, value: object, pointer: str) -> None:
    kinds = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
    if not isinstance(value, dict) or value.get("type") not in kinds:
        report.fault(pointer, "unsupported rich text element")
    elif not isinstance(value.get("elements"), list):
        report.fault(pointer, "missing required field: elements")


_RICH_TEXT = block({"elements": list_of(_rich_text, 1, 1000)})
_CELL = by_type(
    {
        "raw_text": shape({"type": anything, "text": string(10_000, 1)}),
        "raw_number": shape({"type": anything, "value": anything}, {"text": string(10_000)}),
        "rich_text": _RICH_TEXT,
    },
    ("raw_text", "raw_number", "rich_text"),
    "cell",
)
_CARD = block(
    optional={
        "hero_image": elements.IMAGE,
        "icon": elements.IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": list_of(elements.placed(elements.IN_ACTIONS, "card"), 1, 5),
    }
)
_CARD_IN_CAROUSEL = by_type({"card": _CARD}, ("card",), "element in carousel")
_TASK_TEXT = string(2000)
_TASK_CARD = block(
    {"task_id": string(255, 1), "title": _TASK_TEXT},
    {
        "details": anything,
        "output": anything,
        "sources": anything,
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
)

KINDS: dict[str, Rule] = {
    "header": block({"text": text(150, mrkdwn=False)}),
    "divider": block(),
    "section": both(
        block(
            optional={
                "text": text(3000),
                "fields": list_of(text(2000), 1, 10),
                "accessory": elements.placed(elements.IN_SECTION, "section"),
                "expand": boolean,
            }
        ),
        _text_or_fields,
    ),
    "context": block({"elements": list_of(_context_element, 1, 10)}),
    "actions": both(
        block({"elements": list_of(elements.placed(elements.IN_ACTIONS, "actions"), 1, 25)}),
        _unique_actions("elements"),
    ),
    "input": both(
        block(
            {
                "label": text(2000, mrkdwn=False),
                "element": elements.placed(elements.IN_INPUT, "input"),
            },
            {"hint": text(2000, mrkdwn=False), "optional": boolean, "dispatch_action": boolean},
        ),
        _file_input_in_modals,
    ),
    "image": both(
        block(
            {"alt_text": string(2000, 1)},
            {
                "image_url": elements.URL,
                "slack_file": anything,
                "title": text(2000, mrkdwn=False),
            },
        ),
        elements.image_source,
    ),
    "rich_text": _RICH_TEXT,
    "markdown": block({"text": string(12_000, 1)}),
    "table": both(
        block(
            {"rows": list_of(list_of(_CELL, 1, 20), 1, 100)},
            {"column_settings": list_of(anything, 0, 20)},
        ),
        _even_rows,
    ),
    "data_table": both(
        block(
            {"rows": list_of(list_of(_CELL, 1, 20), 2, 101), "caption": anything},
            {"page_size": anything, "row_header_column_index": anything},
        ),
        _even_rows,
    ),
    "data_visualization": block(
        {"title": anything}, {"chart": anything, "series": list_of(anything, 1, 12)}
    ),
    "alert": block(
        {"text": text(200)},
        {"level": one_of("default", "info", "warning", "error", "success")},
    ),
    "video": block(
        {
            "alt_text": string(2000),
            "title": text(200, mrkdwn=False),
            "thumbnail_url": elements.URL,
            "video_url": elements.URL,
        },
        {
            "title_url": elements.URL,
            "description": text(200, mrkdwn=False),
            "provider_icon_url": elements.URL,
            "provider_name": string(50),
            "author_name": string(50),
        },
    ),
    "context_actions": both(
        block(
            {
                "elements": list_of(
                    elements.placed(("feedback_buttons", "icon_button"), "context_actions"), 1, 5
                )
            }
        ),
        _unique_actions("elements"),
    ),
    "card": _CARD,
    "carousel": block({"elements": list_of(_CARD_IN_CAROUSEL, 1, 10)}),
    "task_card": _TASK_CARD,
    "plan": block({"title": anything}, {"tasks": list_of(anything, 0, 50)}),
}

_MESSAGES_ONLY = ("message",)
SURFACES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(KINDS, EVERYWHERE),
    "alert": ("modal",),
    **dict.fromkeys(
        (
            "markdown",
            "table",
            "data_table",
            "data_visualization",
            "context_actions",
            "card",
            "carousel",
            "container",
            "task_card",
            "plan",
        ),
        _MESSAGES_ONLY,
    ),
}
_IN_CONTAINER = (
    "header",
    "divider",
    "section",
    "context",
    "actions",
    "image",
    "rich_text",
    "table",
)
KINDS["container"] = block(
    {"child_blocks": list_of(by_type(KINDS, _IN_CONTAINER, "block in container"), 1, 10)},
    {
        "title": text(150),
        "rich_text_title": anything,
        "subtitle": text(150),
        "width": anything,
        "icon": anything,
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
)
