"""Makes text from outside harmless, and anything fit into Slack's limits.

Slack's control characters are ``& < >`` (docs.slack.dev, "Formatting message text"); escaped, no
``<!channel>`` rings and no ``<http…|…>`` becomes a link. Slack knows no escape for ``* _ ~ ` ``,
so where one of them could open or close formatting, its look-alike takes its place.
"""

import re

LOOK_ALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_MARKER = re.compile(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{2,}")
_DIRECTIONS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of text (Unicode, Bidirectional Algorithm): one such character in a
name would show the name of the target behind it, and its number, backwards."""
_HALF_OPEN = re.compile(r"(&[a-z]{0,3}|<[^<>]*)$")


def _flat(text: str) -> str:
    """One line, in which nothing turns around what stands behind it."""
    # Nearly every text is ASCII, in which nothing turns, and is asked for that in no time.
    return " ".join((text if text.isascii() else _DIRECTIONS.sub("", text)).split())


def _start(text: str, length: int) -> str:
    """The first ``length`` characters of ``_flat(text)``, which may be much longer."""
    # As a line, the beginning of a text is the beginning of the text as a line.
    start = _flat(text[: 2 * length])
    if len(start) < length and 2 * length < len(text):
        start = _flat(text)
    return start[:length]


def escape(text: str) -> str:
    """Text from outside as mrkdwn that shows it, rings nobody, links nowhere: one line."""
    return _harmless(_flat(text))


def _harmless(flat: str) -> str:
    safe = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKER.sub(lambda match: LOOK_ALIKES[match.group()], safe)


def sentence(text: str) -> str:
    """A sentence of ours that may quote a person: its own formatting stays, nothing rings."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, limit: int) -> str:
    """Text from outside for a ``plain_text`` object of at most ``limit`` characters."""
    flat = _start(text, limit + 1)
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def clip(text: str, limit: int) -> str:
    """Escaped text of at most ``limit`` characters; no entity and no mention is cut in two."""
    if len(text) <= limit:
        return text
    return _HALF_OPEN.sub("", text[: limit - 1]).rstrip() + "…"


def short(text: str, limit: int) -> str:
    """Text from outside, escaped and at most ``limit`` characters."""
    # Escaping one line makes nothing shorter, so what stands behind is never shown.
    return clip(_harmless(_start(text, limit + 2)), limit)


def mention(user_id: str) -> str:
    """A person by Slack id; whatever is no id is shown as harmless text."""
    return f"<@{user_id}>" if _USER_ID.fullmatch(user_id) else escape(user_id)


def channel_link(channel_id: str) -> str:
    """A channel by Slack id, or "" when it is none."""
    return f"<#{channel_id}>" if _CHANNEL_ID.fullmatch(channel_id) else ""


def link(url: str, text: str) -> str:
    """A link whose text comes from us; anything but http(s) is shown as text."""
    if not re.fullmatch(r"https?://[^\s<>|]+", url):
        return escape(text)
    return f"<{url}|{escape(text)}>"
