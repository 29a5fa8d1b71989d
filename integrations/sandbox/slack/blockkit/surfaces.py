"""Whole messages and whole views."""

from typing import Any

from integrations.sandbox.slack.blockkit.blocks import KINDS, SURFACES
from integrations.sandbox.slack.blockkit.rules import (
    Report,
    anything,
    boolean,
    shape,
    string,
    text,
)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100

_VIEW_SHARED = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_MODAL = shape(
    {"type": anything, "title": text(24, mrkdwn=False), "blocks": anything},
    {
        "submit": text(24, mrkdwn=False),
        "close": text(24, mrkdwn=False),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
        **_VIEW_SHARED,
    },
)
_HOME = shape({"type": anything, "blocks": anything}, dict(_VIEW_SHARED))


def check_message_blocks(blocks: list[Any]) -> list[str]:
    """Return what Slack would say against a message's blocks."""
    report = Report("message")
    _check_blocks(report, blocks, "/blocks", MESSAGE_BLOCKS)
    return report.problems


def check_view(view: dict[str, Any], kind: str) -> list[str]:
    """Return what Slack would say against a view.

    Args:
        view: As given to views.open and its like.
        kind: `modal` or `home`, whichever fits here.
    """
    report = Report(kind)
    if view.get("type") != kind:
        report.fault("/view/type", f"must be {kind}")
        return report.problems
    (_MODAL if kind == "modal" else _HOME)(report, view, "/view")
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        _check_blocks(report, blocks, "/view/blocks", VIEW_BLOCKS)
        inputs = any(isinstance(one, dict) and one.get("type") == "input" for one in blocks)
        if kind == "modal" and inputs and view.get("submit") is None:
            report.fault("/view", "missing required field: submit")
    elif blocks is not None:
        report.fault("/view/blocks", "must provide an array")
    if len(report.focused) > 1:
        report.fault(report.focused[1], "only one element may have focus_on_load")
    return report.problems


def _check_blocks(report: Report, blocks: list[Any], pointer: str, most: int) -> None:
    if len(blocks) > most:
        report.fault(pointer, f"no more than {most} items allowed")
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        where = f"{pointer}/{place}"
        if not isinstance(block, dict):
            report.fault(where, "must provide an object")
            continue
        kind = block.get("type")
        if not isinstance(kind, str) or report.surface not in SURFACES.get(kind, ()):
            report.fault(f"{where}/type", f"unsupported type: {kind}")
            continue
        KINDS[kind](report, block, where)
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in seen:
            report.fault(f"{where}/block_id", f'`block_id` "{block_id}" already exists')
        seen.add(str(block_id))
