"""What can be said to the bot, and what each of it does."""

from collections.abc import Mapping

OPENING = "Say `{bot}` and one of these{named}. Small typos are fine."
NAME_FIRST = "the customer's name can stand first, e.g. `status acme` or `snooze acme 2`"
FOR_STAFF = "*For Interfy staff*\n{lines}"
IN_A_CHANNEL = "Outside a customer's channel {named}."
ONE = "This is what `{bot} {verb}` does."
FOR_CUSTOMERS: Mapping[str, str] = {
    "status": "the card, at the bottom of the channel",
    "check [item]": "look again, now",
    "connect procore|quickbooks": "a private link to sign in with",
    "disconnect procore|quickbooks": "end that connection, there and here",
    "details <item>": "every row that a finding rests on",
    "fix <item>": "why it matters, who can put it right, the steps",
    "risks": "what else could cost you a week later",
    "match [03-300 to 5010]": "give cost codes their QuickBooks account or item",
    "review [vendors|customers]": "look at what seems to be duplicated",
    "export [item] [xlsx|csv|json]": "everything stored, or an item's lists, sent to you alone",
    "done <item> [note]": "say that something I can't see is done",
    "assign <item> @person [27 Nov]": "who does it, by when",
    "target 15 Dec": "by when you want to be ready",
    "undo <item>": "take back that it is done",
    "stuck <why>": "Interfy hears of it at once, reminders rest",
    "snooze <days>": "no reminders for up to 14 days",
    "remind on|off|09:00": "whether and when I remind",
    "history [since 12 Nov]": "who did what, and what changed since then",
    "handoff": "contact Interfy support when everything is done",
}
STAFF_ONLY: Mapping[str, str] = {
    "new <customer>": "start an onboarding, in the customer's channel",
    "connect procore|quickbooks as support": "prove what only the support user's sign-in can",
    "connect procore service <company id>": "through the app's own service account",
    "link <customer>": "link this channel to a customer",
    "list [stuck|ready|mine] [page]": "every onboarding, the most stuck first",
    "waive <item> [until 31 Dec] <why>": "decide that an item doesn't matter",
    "nudge [customer]": "remind now, once, whatever is snoozed",
    "risks on|off [risk]": "whether I look at the risks, or at one of them",
    "pause · resume · archive": "rest, go on, put away",
    "doctor": "what is wrong with this installation",
}
EXAMPLES: Mapping[str, str] = {
    "details": "details cost-code-coverage",
    "fix": "fix cost-code-coverage",
    "match": "match 03-300 to 5010",
    "review": "review vendors keep 1042",
    "done": "done qbo-support-user",
    "undo": "undo qbo-support-user",
    "stuck": "stuck nobody here can sign in to QuickBooks",
    "snooze": "snooze 2",
    "remind": "remind 09:00",
    "assign": "assign cost-code-coverage @Casey 27 Nov",
    "new": "new Acme Constructions",
    "link": "link acme",
    "target": "target 15 Dec",
    "connect": "connect quickbooks",
    "disconnect": "disconnect procore",
    "waive": "waive qbo-duplicate-customers until 31 Dec they merge them next year",
}
REPLACE_SERVICE = "connect {customer} procore service {company} replace"
