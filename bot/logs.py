"""What is logged, and what never is.

Each line has a time, a level, where it comes from, the reference that a person saw if something
broke for them, and our own words. An unforeseen error is logged by its kind and the places it went
through: its own text may quote a vendor's name or a request's body, so it is left out below DEBUG.
Tokens are taken out of whatever is left.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

from bot.services.reference import reference

TOKENS = re.compile(
    r"(?P<told>\bintuit_tid [\w-]+)|"  # No token: what Intuit's support asks for. It stays.
    r"\b(?:xox[a-z]|xapp|xwfp)-[\w-]+"  # Slack's
    r"|\beyJ[\w-]+\.[\w.-]+"  # JSON web tokens
    r"|(?i:\bbearer\s+)\S+"
    r"|(?<=:)[^\s:/@]+(?=@)"  # a password within an address
    r"|\b(?=\w*\d)[A-Za-z0-9_-]{32,}"  # anything as long and as mixed as a token
)
HIDDEN = "[hidden]"

QUIET = (
    "aiosqlite",
    "alembic",
    "asyncio",
    "httpcore",
    "httpx",
    "slack_bolt",
    "slack_sdk",
    "uvicorn",
)
"""Libraries whose lines below WARNING quote addresses or bodies."""


def set_up_logs(level: str, form: str) -> None:
    """Log to standard error; ``form`` is "text" or "json"."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(make_formatter(level, form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def make_formatter(level: str, form: str) -> logging.Formatter:
    """The formatter for this level and form."""
    outspoken = level == "DEBUG"
    return _Json(outspoken=outspoken) if form == "json" else _Text(outspoken=outspoken)


class _Careful(logging.Formatter):
    """Knows what to say of an error."""

    def __init__(self, *, outspoken: bool) -> None:
        super().__init__()
        self._outspoken = outspoken

    def said(self, record: logging.LogRecord) -> str:
        """Our own words, without tokens."""
        return _hide(record.getMessage())

    def error(self, record: logging.LogRecord) -> str:
        """The error's kind and the places it went through; "" without one."""
        info = record.exc_info
        if not info or info[1] is None:
            return ""
        return "".join(_told(info[1], self._outspoken)).rstrip()


def _told(error: BaseException, outspoken: bool) -> list[str]:
    """An error after its cause, as Python shows them; without its text unless that is ours."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = _told(before, outspoken) if before is not None else []
    lines += traceback.format_tb(error.__traceback__)
    ours = outspoken or getattr(error, "for_people", False)
    kind = f"{type(error).__module__}.{type(error).__qualname__}{_database_code(error)}"
    return [*lines, f"{kind}: {_hide(str(error))}\n" if ours else f"{kind}\n"]


def _database_code(error: BaseException) -> str:
    """Which of its errors a database meant, e.g. SQLITE_FULL or 53100: its own name, no content."""
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return f" ({code})" if code else ""


def _hide(text: str) -> str:
    return TOKENS.sub(lambda found: found["told"] or HIDDEN, text)


class _Text(_Careful):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """``2026-11-23T01:00:00Z WARNING onboard 7F3K2 words``."""
        ref = f" {reference()}" if reference() else ""
        line = f"{_at(record)} {record.levelname} {record.name}{ref} {self.said(record)}"
        error = self.error(record)
        return f"{line}\n{error}" if error else line


class _Json(_Careful):
    """A line for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object: at, level, logger, ref, text, and error where there is one."""
        line = {
            "at": _at(record),
            "level": record.levelname,
            "logger": record.name,
            "ref": reference(),
            "text": self.said(record),
            "error": self.error(record),
        }
        return json.dumps({k: v for k, v in line.items() if v}, ensure_ascii=False)


def _at(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
