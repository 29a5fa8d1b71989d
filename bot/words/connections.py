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
SERVICE_ACCOUNT = "the app's service account"
NOTHING_CHANGED = "{why} Nothing was changed."
SERVICE_SEES_NOT = (
    "The service account doesn't see Procore company {company}, so nothing was changed. A "
    "Procore administrator has to install the app there, under Company Admin > App Management."
)
IN_THE_WAY = (
    "{old} is connected now, so nothing was changed. To put company {company} in its place, say "
    "it again with `replace` at the end. {stake}"
)
UNKNOWN_LOGIN = "an unknown login"
NOT_SET_UP = (
    "This installation can't sign in to {label} yet, so nothing was started. An operator has to "
    "set {settings}; docs/connections.md says how."
)
SUPPORTS_OWN = "the support user's sign-in for it"
NOT_CONNECTED = "{name} has no connection to {whose}, so nothing changed."
NO_SIGN_IN = "Signing in isn't set up on this installation, so nothing was started."
