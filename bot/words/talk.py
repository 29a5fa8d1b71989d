"""What the bot says of itself, and its short answers."""

OUTSIDE = (
    "I check what a new OneCore customer needs in Procore and QuickBooks. Ask me in the channel "
    "that Interfy shares with you: `{bot} status`."
)
FIRST_CARD = (
    "Hi, I'm the OneCore onboarding bot. I check six things in your Procore and QuickBooks, show "
    "what's left, and remind you until Interfy can start. I only read; I change nothing in your "
    "systems."
)
MENTION_ME = "Mention me to talk to me: `{bot} status` · `{bot} help`"
PRESS_ONCE = "Please press once, so that I know your clicks reach me →"
CHECKED = "Checked everything for {name}"
NO_CHANGE = "Nothing has changed since the check before."
JUST_NOW = "just now"
