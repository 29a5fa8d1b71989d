"""Findings as JSON, and back from whatever an older version wrote.

Written: ``{"verdict", "summary", "evidence": [{"subject", "detail", "ref", "group"}], "remedy",
"scope", "checked_at", "counts", "cause", "unmet_at"}``. Read: fields that are missing or of another
type take their defaults, unknown fields are ignored, and an unknown verdict is ``unknown``.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bot.domain.model import Cause, Evidence, Finding, Verdict

SHORT = 2_000
"""Characters of a finding that is worth remembering; those of thousands of rows fill the memory."""


def finding_to_json(finding: Finding) -> str:
    """The finding as one line of ASCII JSON."""
    data = {
        "verdict": finding.verdict.value,
        "summary": finding.summary,
        "evidence": [_evidence_data(row) for row in finding.evidence],
        "remedy": finding.remedy,
        "scope": finding.scope,
        "checked_at": _written(finding.checked_at),
        "counts": dict(finding.counts),
        "cause": finding.cause.value if finding.cause else None,
        "unmet_at": _written(finding.unmet_at),
    }
    return json.dumps(data, separators=(",", ":"))


def _evidence_data(row: Evidence) -> dict[str, str]:
    """As ``asdict``, which takes five times as long for each of thousands of rows."""
    return {"subject": row.subject, "detail": row.detail, "ref": row.ref, "group": row.group}


def finding_from_json(text: str) -> Finding | None:
    """The finding, or None when the text is not a JSON object at all."""
    return _remembered(text) if len(text) <= SHORT else _read(text)


@lru_cache(maxsize=4096)
def _remembered(text: str) -> Finding | None:
    """Each click of everybody reads the same few; a finding never changes."""
    return _read(text)


def _read(text: str) -> Finding | None:
    try:
        data = json.loads(text)
    except ValueError:
        return None
    if not isinstance(data, dict):
        return None
    return Finding(
        verdict=_verdict(data.get("verdict")),
        summary=_text(data.get("summary")),
        evidence=_evidence(data.get("evidence")),
        remedy=_text(data.get("remedy")),
        scope=_text(data.get("scope")),
        checked_at=_moment(data.get("checked_at")),
        counts=_counts(data.get("counts")),
        cause=_cause(data.get("cause")),
        unmet_at=_moment(data.get("unmet_at")),
    )


def _verdict(value: object) -> Verdict:
    try:
        return Verdict(str(value))
    except ValueError:
        return Verdict.UNKNOWN


def _cause(value: object) -> Cause | None:
    try:
        return Cause(str(value))
    except ValueError:
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _evidence(value: object) -> tuple[Evidence, ...]:
    rows = value if isinstance(value, list) else []
    return tuple(_evidence_row(row) for row in rows if isinstance(row, dict | str))


def _evidence_row(row: dict[str, Any] | str) -> Evidence:
    if isinstance(row, str):
        return Evidence(subject=row)
    return Evidence(
        subject=_text(row.get("subject")),
        detail=_text(row.get("detail")),
        ref=_text(row.get("ref")),
        group=_text(row.get("group")),
    )


def _written(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(value))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        # The first and the last hours that there are have no name in UTC.
        return None


def _counts(value: object) -> Mapping[str, int]:
    counts = value if isinstance(value, dict) else {}
    return {name: n for name, n in counts.items() if type(n) is int}
