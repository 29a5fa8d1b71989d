"""Small makers of findings that several checks share."""

from collections.abc import Iterable, Mapping

from bot.domain.model import Cause, Evidence, Failed, Finding, Verdict

REMEDIES = {
    Cause.NOT_CONNECTED: "Connect the system first; Interfy support can help with that.",
    Cause.RECONNECT: "Somebody has to sign in again; Interfy support can help with that.",
    Cause.NO_PERMISSION: "Give the connected login the right to read this, then press Re-check.",
    Cause.NOT_READ: "Press Re-check.",
}


def met(summary: str, *, scope: str = "", counts: Mapping[str, int] | None = None) -> Finding:
    """What must be true is true."""
    return Finding(Verdict.MET, summary, scope=scope, counts=counts or {})


def unmet(
    summary: str,
    remedy: str,
    evidence: Iterable[Evidence] = (),
    *,
    scope: str = "",
    counts: Mapping[str, int] | None = None,
) -> Finding:
    """What must be true is not, and this is what to do."""
    return Finding(Verdict.UNMET, summary, tuple(evidence), remedy, scope, counts=counts or {})


def unknown(
    summary: str, remedy: str = "", evidence: Iterable[Evidence] = (), *, scope: str = ""
) -> Finding:
    """Nobody can tell from here: neither praise nor nag."""
    return Finding(Verdict.UNKNOWN, summary, tuple(evidence), remedy, scope)


def unread(failed: Failed) -> Finding:
    """The facet could not be read; the reason is the summary."""
    remedy = REMEDIES.get(failed.cause, "Press Re-check in a few minutes; nothing you did is lost.")
    return Finding(Verdict.UNKNOWN, failed.reason, remedy=remedy, cause=failed.cause)


def plural(count: int, one: str, many: str = "") -> str:
    """``1 vendor``, ``3 vendors``; ``many`` where adding an s is wrong."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listing(parts: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    found = [part for part in parts if part]
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"
