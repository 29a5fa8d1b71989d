"""What happened, and what changed."""

SINCE = "Since the {when}"
TITLE = "History of {name}, newest first"
MORE = "And {more}: `history {slug} all`."
OLD_OR_FORGED = "an old or forged {thing}"
