"""Cost codes and the accounts or items that they go to."""

MATCHING = "Matching again…"
MATCHING_NOW = "Matching them…"
UNMATCHED = "Taken back; the code is open again."
MATCHED = "{what} matched."
INSTEAD = "{done}, instead of {target}"
ALREADY_MATCHED = (
    "{code} is matched to {target} by now, so I left it as it is. To change that, choose "
    '"{chosen}" and press Undo first.'
)
MATCHED_BY_NOW = "That is matched by now, so I left it as it is."
LEFT_ALONE = "{done} Somebody else matched {count} meanwhile; what they chose stays."
NOTHING_LEFT = "Nothing is left to match there, so nothing changed."
NO_SUCH_CODE = "That cost code isn't there any more. Open the list again to see what is."
NO_SUCH_MODE = "I don't know that, so nothing changed."
SUGGESTIONS_CHANGED = (
    "The suggestions changed while you read them, so nothing was matched. Please look again."
)
MATCH_LIST = "Cost codes of {name}: {matched:,} of {total:,} matched."
MATCH_BY_WORDS = (
    "Press the button, or say `match 03-300 to 5010` (a number or a whole name), "
    "`match division 03 to 5010`, `match suggested`, or `match 03-300 none` to take it back."
)
MATCH_SUGGESTED = (
    "{count} above the line. Please read, then say `match suggested {word}` to use what is shown."
)
NO_SUCH_DIVISION = (
    "I know no division {text} with codes left, so nothing changed. There are: {names}."
)
SAME_CODE = (
    "{text} stands in several lists, so nothing changed: {names}. Say for example "
    "`match {text} in {name} to 5010`."
)
NO_SUCH_TARGET = (
    "I know no account or item {text}, so nothing changed. Say its number or its whole name."
)
WHICH_TARGET = (
    "Which one is {text}? Nothing changed. There are: {names}. Say the number or the name whole."
)
SEARCH = "Type a number or a name"
CHOOSE_ONE = "Choose one"
TITLE = "Match cost codes"
ALL_DIVISIONS = "All divisions"
NO_TARGET = "No account or item"
CONFLICT = "Number and name disagree"
TIED = "Several fit equally well"
INACTIVE = "Only an inactive one"
CATEGORY = "Only a category"
BUNDLE = "Only a bundle"
NO_EXPENSE = "Item without an expense account"
NO_COST = "Account that can't take a cost"
GONE = "The chosen one is gone"
TO_EITHER = "Map to accounts or items"
TO_ACCOUNTS = "Map to accounts only"
TO_ITEMS = "Map to items only"
PROGRESS = "*{matched:,} of {total:,} cost codes matched* · {left:,} left"
NONE_HERE = "Nothing is left here."
ALL_MATCHED = "✅ Nothing is left to match."
ALL_PROBLEMS = "All problems"
CHOSEN = "Chosen by people"
MAP_TO = "Map to"
NO_DIVISION = "Without a division"
USE_ALL_SUGGESTIONS = "Use all {number:,} suggestions"
USE_ONE_SUGGESTION = "Use the one suggestion"
ABOVE_THE_LINE = "{number} above the line…"
MAP_DIVISION_BUTTON = "Map a whole division…"
PICK_ANOTHER_BUTTON = "Pick another…"
PICK_ONE_BUTTON = "Pick one…"
TARGET = "Account or item"
TARGET_HINT = "Type a number or a part of the name."
PICK_TITLE = "Pick another"
USE_IT = "Use it"
MAP_DIVISION = (
    "Every code of the division that has nothing yet goes to the one account or item that you "
    "choose. Codes that are matched already stay as they are."
)
DIVISION_HINT = "The number of codes that are left stands beside each."
MAP_DIVISION_TITLE = "Map a division"
MAP_THEM = "Map them"
BEST_OF = " They are the best of {number:,}; then open this again."
SUGGESTIONS = (
    "These {count} stand above the line: name or trade fits well. Please read them; a wrong one "
    "puts money in the wrong account.{more}"
)
USE_ALL = "Use all {number:,}"
USE_ALL_TITLE = "Use all suggestions"
NO_LONGER_THERE = (
    "{what} isn't there any more, so nothing changed. Open the list again to see what is."
)
WHAT_YOU_SAW = "What you were shown"
THAT_CODE = "That cost code"
THAT_TARGET = "That account or item"
OTHER_MODE = (
    "Cost codes are mapped to {mode}s only now, so nothing changed. Choose another, or change "
    "what they are mapped to."
)
UNUSABLE = "{name}{why}, so nothing changed. Choose another."
AT_WORK = "matching {number:,} cost codes"
