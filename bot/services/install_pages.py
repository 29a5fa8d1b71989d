"""What a person reads in the browser who installs the app in a workspace of their own."""

from collections.abc import Mapping

from bot.services.signin_pages import KEPT, Link, Page

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
AGAIN = "Open the address of the installation page again; Interfy support has it."
REASONS = {
    "access_denied": (
        "Nothing was installed",
        "You didn't let the app in, so it isn't in your workspace.",
        200,
    ),
    "invalid_browser": (
        "Please start in this browser",
        "This installation was started in another browser, by somebody else, or too long ago.",
        403,
    ),
    "invalid_state": (
        "This link was used already",
        "Each installation can be finished once, within ten minutes.",
        410,
    ),
    "missing_code": (
        "Nothing was installed",
        "Slack sent you back without saying that you allowed it.",
        400,
    ),
    "invalid_code": (
        "Nothing was installed",
        "Slack didn't confirm the installation. It may have been confirmed before, or too late.",
        400,
    ),
    "storage_error": (
        "Nothing was installed",
        "The app can be installed in single workspaces, not in a whole organisation at once.",
        400,
    ),
}
OTHERWISE = ("Nothing was installed", "Slack didn't go along with the installation.", 400)


def install(url: str, scopes: Mapping[str, str]) -> Page:
    """What the app asks for, and why; ``url`` is Slack's own page."""
    lines = (
        (
            "In your own Slack workspace you can then type /onboard. Without this everything "
            "works as well: mention @OneCore in the channel that you share with Interfy."
        ),
        (
            "It shows your onboarding in that channel alone, hears what you write to it, and "
            "sees no other channel, person or file."
        ),
        "Remove it in Slack whenever you like: its keys are deleted, your onboarding goes on.",
        "Slack will ask you to allow:",
    )
    points = tuple(f"{scope}, {why}" for scope, why in scopes.items())
    link = Link(url, "Go on to Slack")
    return Page("Install OneCore in your Slack workspace", lines, points=points, link=link)


def install_at_home(url: str) -> Page:
    """For the operator alone: home's token then comes from Slack's OAuth, and may rotate."""
    lines = (
        "This is for Interfy's own workspace: every scope of the app's manifest is asked for.",
        "The token that comes of it takes the place of SLACK_BOT_TOKEN.",
    )
    link = Link(url, "Go on to Slack")
    return Page("Install OneCore in the home workspace", lines, link=link)


def installed(team: str) -> Page:
    """It is in."""
    lines = (
        f"OneCore is in {team} now.",
        "Type /onboard status in the channel that you share with Interfy.",
        "You can close this page.",
    )
    return Page("OneCore is installed", lines)


def known(reason: str) -> str:
    """A reason in words of ours: what else comes in the address is anybody's text."""
    return reason if reason in REASONS else "another reason"


def not_installed(reason: str) -> Page:
    """It isn't, and why."""
    title, sentence, status = REASONS.get(reason, OTHERWISE)
    return Page(title, (sentence, KEPT, AGAIN), status=status)
