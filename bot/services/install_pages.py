"""What a person reads in the browser who installs the app in a workspace of their own."""

from collections.abc import Mapping

from bot import words
from bot.services.signin_pages import KEPT, Link, Page

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
AGAIN = words.installing.AGAIN
REASONS = {
    "access_denied": (
        words.installing.NOT_INSTALLED,
        words.installing.DENIED,
        200,
    ),
    "invalid_browser": (
        words.installing.THIS_BROWSER,
        words.installing.OTHER_BROWSER,
        403,
    ),
    "invalid_state": (
        words.signing.USED_TITLE,
        words.installing.ONCE,
        410,
    ),
    "missing_code": (
        words.installing.NOT_INSTALLED,
        words.installing.NO_CODE,
        400,
    ),
    "invalid_code": (
        words.installing.NOT_INSTALLED,
        words.installing.NOT_CONFIRMED,
        400,
    ),
    "storage_error": (
        words.installing.NOT_INSTALLED,
        words.installing.SINGLE_ONLY,
        400,
    ),
}
OTHERWISE = (words.installing.NOT_INSTALLED, words.installing.REFUSED, 400)


def install(url: str, scopes: Mapping[str, str]) -> Page:
    """What the app asks for, and why; ``url`` is Slack's own page."""
    lines = (
        (words.installing.WHAT_FOR),
        (words.installing.WHAT_IT_SEES),
        words.installing.REMOVE,
        words.installing.WILL_ASK,
    )
    points = tuple(f"{scope}, {why}" for scope, why in scopes.items())
    link = Link(url, words.installing.GO_ON)
    return Page(words.installing.TITLE, lines, points=points, link=link)


def install_at_home(url: str) -> Page:
    """For the operator alone: home's token then comes from Slack's OAuth, and may rotate."""
    lines = (
        words.installing.AT_HOME,
        words.installing.TAKES_PLACE,
    )
    link = Link(url, words.installing.GO_ON)
    return Page(words.installing.HOME_TITLE, lines, link=link)


def installed(team: str) -> Page:
    """It is in."""
    lines = (
        words.installing.IS_IN.format(team=team),
        words.installing.TYPE_STATUS,
        words.installing.CLOSE,
    )
    return Page(words.installing.INSTALLED, lines)


def known(reason: str) -> str:
    """A reason in words of ours: what else comes in the address is anybody's text."""
    return reason if reason in REASONS else "another reason"


def not_installed(reason: str) -> Page:
    """It isn't, and why."""
    title, sentence, status = REASONS.get(reason, OTHERWISE)
    return Page(title, (sentence, KEPT, AGAIN), status=status)
