"""Channels: linking one, what we see of it, what Slack tells of it."""

from bot.domain.customer import News

NOT_LINKED = (
    "This channel isn't linked to a customer. Name one, for example `{verb} acme`, or link the "
    "channel with `link acme`."
)
HELLO = "Thanks {who}, your click reached me. Say `{bot} status` whenever you want to see the card."
HELLO_AT_HOME = (
    "Thanks {who}, your click reached me. Ask somebody at the customer to press it too: that "
    "proves that clicks from their side arrive."
)
CREATED = "{name} is started. Now invite me to its channel and type `/onboard link {slug}` there."
NO_CUSTOMER_HERE = "This is no channel for a customer. Type it in the customer's own channel."
NOT_MEMBER = (
    "I'm not in this channel yet, so nothing changed. Type `/invite {bot}`, then try again."
)
CLOSED_CHANNEL = (
    "This channel is archived or frozen, so nobody could read me here and nothing changed. Open it "
    "again, or type it in another channel."
)
SHARED_CHANNEL = (
    "I see a {kind} channel that is shared with {teams} outside yours: everybody in it can mention "
    "me and press my buttons."
)
PENDING_CHANNEL = (
    "I see a {kind} channel whose invitation to the customer's workspace isn't accepted yet. It "
    "works as soon as it is; nothing has to be done again."
)
OWN_CHANNEL = (
    "I see a {kind} channel that isn't shared with another workspace, so only your own people read "
    "it. Share it with the customer when you are ready; nothing has to be done again."
)
MORE_CHANNELS = "Reminders stay in {where}, the first channel of {name}."
INVITED_BY_OTHERS = (
    "🔗 {who} invited me to {where}, which shows no customer. Join it and type "
    "`/onboard link acme` or `/onboard new Acme Constructions` there; I am silent till then."
)
INVITED = (
    "Thanks for inviting me. Whose channel is this? Nothing is shown here until you say so, and "
    "only you see this."
)
ASK_NAME = "Which customer? Press the button, or type `{example}`."
CHANNEL_NEWS = {
    News.ARCHIVED: (
        "🔒 {where}, the channel of {name}, was archived, so I write nothing there. Unarchive it, "
        "or type `/onboard link {slug}` in another channel. Nothing else changed."
    ),
    News.DELETED: (
        "🔒 The channel of {name} was deleted. Type `/onboard link {slug}` in another channel; "
        "everything that I know about {name} is kept."
    ),
    News.LEFT: (
        "🔒 I was taken out of {where}, the channel of {name}, so I write nothing there. Type "
        "`/invite {bot}` in it, or `/onboard link {slug}` in another channel."
    ),
    News.FROZEN: (
        "🔒 {where}, the channel of {name}, is frozen, so I write nothing there. Have it shared "
        "again, or type `/onboard link {slug}` in another channel. Nothing else changed."
    ),
    News.PRIVATE: (
        "🔏 {where}, the channel of {name}, is private now: only whoever is invited sees it. I go "
        "on there as before; invite whoever of {name} still has to mention me or press a button."
    ),
    News.PUBLIC: (
        "🔓 {where}, the channel of {name}, is public now: everybody in your workspace can find "
        "and read it. I go on there as before; if that is not meant, make it private again."
    ),
    News.OPENED: "🔓 {where}, the channel of {name}, takes messages again. I go on there.",
    News.SHARED: (
        "🔗 {where}, the channel of {name}, is shared with another workspace now. Ask somebody "
        "there to press the card's buttons once."
    ),
    News.UNSHARED: (
        "🔗 {where}, the channel of {name}, is no longer shared with a workspace that was in it. "
        "If {name} can't read it any more, share it again, or type `pause {slug}`."
    ),
    News.MOVED: (
        "🔁 Slack gave the channel of {name} another id. Its card, reminders and waiting messages "
        "moved along to {where}; nothing is left to do."
    ),
}
THE_CHANNEL = "The channel"
