"""Text from outside is shown as it is, and does nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.escape import channel_link, clip, escape, link, mention, plain, short
from tests.any_text import CHARACTERS
from tests.each import each

CALM = settings(deadline=None, derandomize=True)


@each(
    [
        ("A & B <Pty>", "A &amp; B &lt;Pty&gt;"),
        ("<!channel>", "&lt;!channel&gt;"),
        (
            "*bold* _it_ ~no~ `code`",
            "\u2217bold\u2217 \u02cdit\u02cd \u223cno\u223c \u02cbcode\u02cb",
        ),
        ("snake_case a*b", "snake_case a*b"),
        ("two\nlines\t here", "two lines here"),
        ("\u202eetercnoC \u2066x", "etercnoC x"),
        ("jane_doe@example.com", "jane_doe@example.com"),
    ]
)
def test_escape(text: str, shown: str) -> None:
    """Control characters as entities, formatting marks as look-alikes, names left alone."""
    assert escape(text) == shown


@CALM
@given(st.text(CHARACTERS, max_size=200))
def test_nothing_left_can_mean_something_to_slack(text: str) -> None:
    shown = escape(text)
    assert not set("<>\n") & set(shown)
    assert "&" not in shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


@CALM
@given(st.text(CHARACTERS, max_size=200), st.integers(1, 60))
def test_clip_keeps_the_limit_and_cuts_no_entity(text: str, limit: int) -> None:
    shown = short(text, limit)
    assert shown == clip(escape(text), limit)
    assert len(shown) <= limit
    assert "&" not in shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


def test_clip_cuts_no_mention() -> None:
    assert clip("ask <@U0DANA> about it", 12) == "ask…"


def test_plain_is_for_places_without_formatting() -> None:
    assert plain("*A*  & B", 20) == "*A* & B"
    assert plain("x" * 30, 10) == "x" * 9 + "…"


def test_ids_become_references_and_nothing_else_does() -> None:
    assert mention("U0DANA") == "<@U0DANA>"
    assert mention("Dana <!here>") == "Dana &lt;!here&gt;"
    assert channel_link("C0ACME") == "<#C0ACME>"
    assert channel_link("general") == ""
    assert link("https://x.example/a", "the *guide*").startswith("<https://x.example/a|the ")
    assert link("javascript:alert(1)", "guide") == "guide"
    assert link("https://x|y", "guide") == "guide"
