"""Signing in to Procore and QuickBooks, and ending it."""

LINK_GOOD = (
    "This link is for you alone. It works once, until {until}; after that, ask me for a new one."
)
SERVICE_CONNECTED = (
    "Procore company {name} is connected through the app's service account. I'm checking it now."
)
DISCONNECTED = "{label} ({name}) is disconnected: ended there, deleted here."
DISCONNECTED_HERE = (
    "{label} ({name}) is deleted here. {label} could not be told, so its administrator should "
    "remove the app there."
)
DISCONNECTED_SHARED = (
    "{label} ({name}) is deleted here. It was not ended at {label}: another connection here goes "
    "through the same sign-in or company and would end with it. Disconnect that too to end both."
)
SIGN_IN_AS = "Sign in to {label} as {email}: that is the proof for {name}."
SIGN_IN = "Sign in to {label} as an administrator of {name}. I only read there."
SUPPORT_ENDED = "🔌 The support user's sign-in for {name} ended: {why}"
ENDED = "🔌 {name} needs a new sign-in: {why} Nothing that you did is lost."
SUPPORT_SIGN_IN = "The support user's sign-in"
THE_SIGN_IN = "The sign-in"
ENDS = (
    "🔌 {whose} to {label} for {name} ends on {day}, in {left}: {label} lets none live longer. "
    "Sign in again before then and nothing stops."
)
