"""Records that look alike."""

COMPARING = "Comparing again… I remember what you said."
DISMISSED = "Remembered as different: {names}"
KEPT = "{name} is the one to keep."
KEPT_AS_SUGGESTED = "Taken back; I suggest again which one to keep."
ASKED_AGAIN = "Asked again: {names}"
REVIEW_LIST = "{count} of {many} in {system} look alike at {name}."
REVIEW_BY_WORDS = (
    "Press the button, or say `{command} different 1042` or `{command} keep 1042` with the id of a "
    "record; `{command} again 1042` takes a *different* back."
)
NO_SUCH_GROUP = (
    "I see no one group with {ids}, so nothing changed. `{command}` shows them with their ids."
)
WHICH_LIST = "Of which list? Say for example `review vendors keep 1042`. Nothing changed."
ASK_REVIEW = (
    "Press a button to review what looks alike at {name}, or say `review vendors` or "
    "`review customers`."
)
TITLE = "Review duplicates"
ALL_REVIEWED = "✅ Nothing is left to review here."
DIFFERENT = (
    "*Said to be different {records} in {system}*\nI ask again by myself when one of them gets "
    "another name."
)
ALIKE = (
    "*{groups} of {records} in {system} that look alike*\nMerge them in {system}; a merge can't "
    "be undone, so look twice. I change nothing."
)
NONE_ALIKE = "*No {records} in {system} look alike.* Nothing is to be merged."
SURE = "Sure and likely"
POSSIBLE = "Possible ones too"
SAID_DIFFERENT = "Said to be different ({number:,})"
WHICH_GROUPS = "Which groups"
WORKSHEET = "Export the merge worksheet"
MORE_PROBLEMS = "… and {more:,} more"
SAID_BY = "*Different*, said {who} on {day}"
ASK_AGAIN = "Ask again"
MORE_IN_WORKSHEET = "… and {more:,} more, in the worksheet"
KEEP = "Keep {name} (id {id})"
TAKE_BACK = "Take the choice back"
NOT_A_DUPLICATE = "Not a duplicate"
KEEP_THIS = "Keep this one instead"
GONE = "That group isn't there any more, so nothing changed. Open the list again to see what is."
CHOSEN_HERE = "as somebody here chose"
ON_THE_NETWORK = "it is connected on Procore's network, which"
SYNCED = "it is synced with an accounting system, which"
NOT_TO_LOSE = "because {what} a merge must not take away"
UNBLOCKED = "because nothing blocks its merge"
MOST_HANGS = "because most hangs on it"
COMPLETE = "because it says the most about the company"
OLDEST = "because it is the oldest of them"
EITHER = "because it comes first; nothing that I can see sets them apart"
