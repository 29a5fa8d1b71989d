"""Installing the app in a workspace, and what it may do there."""

FOR_MENTIONS = "to hear you when you mention @OneCore"
TO_ANSWER = "to answer you"
FOR_COMMANDS = "for /onboard"
FOR_FILES = "to send you the export that you ask for"
FOR_MESSAGES = "to hear you when you write to OneCore directly"
AGAIN = "Open the address of the installation page again; Interfy support has it."
NOT_INSTALLED = "Nothing was installed"
DENIED = "You didn't let the app in, so it isn't in your workspace."
THIS_BROWSER = "Please start in this browser"
OTHER_BROWSER = (
    "This installation was started in another browser, by somebody else, or too long ago."
)
ONCE = "Each installation can be finished once, within ten minutes."
NO_CODE = "Slack sent you back without saying that you allowed it."
NOT_CONFIRMED = (
    "Slack didn't confirm the installation. It may have been confirmed before, or too late."
)
SINGLE_ONLY = "The app can be installed in single workspaces, not in a whole organisation at once."
REFUSED = "Slack didn't go along with the installation."
WHAT_FOR = (
    "In your own Slack workspace you can then type /onboard. Without this everything works as "
    "well: mention @OneCore in the channel that you share with Interfy."
)
WHAT_IT_SEES = (
    "It shows your onboarding in that channel alone, hears what you write to it, and sees no "
    "other channel, person or file."
)
REMOVE = "Remove it in Slack whenever you like: its keys are deleted, your onboarding goes on."
WILL_ASK = "Slack will ask you to allow:"
GO_ON = "Go on to Slack"
TITLE = "Install OneCore in your Slack workspace"
AT_HOME = "This is for Interfy's own workspace: every scope of the app's manifest is asked for."
TAKES_PLACE = "The token that comes of it takes the place of SLACK_BOT_TOKEN."
HOME_TITLE = "Install OneCore in the home workspace"
IS_IN = "OneCore is in {team} now."
TYPE_STATUS = "Type /onboard status in the channel that you share with Interfy."
CLOSE = "You can close this page."
INSTALLED = "OneCore is installed"
