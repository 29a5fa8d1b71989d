"""Reminders, nudges, and who is told when nothing moves."""

WORTH_SAYING = 5
"""Working days without movement from which on a reminder mentions them."""
NO_LEAD = (
    " The staff lead would hear of this now. None is set (STAFF_LEAD_USER_ID), so it comes to you "
    "again."
)
ASKED_BY = "{who} asked me to remind you."
NUDGED = "{name} is reminded now, once; what is open was checked a moment ago."
LEFT = "{things} {are} left for {name}."
IDLE = "No movement for {days}."
EVERYBODY = "Everybody here"
WHOEVER = "Whoever looks after it"
IN_THE_WAY = "{idle} {who}: what is in the way? Press {button} and Interfy will help."
STUCK = "🖐️ {who} is stuck with {name}: {why}"
REST = "{place}Reminders rest until `resume {slug}` or `remind {slug} on`."
HELD = "❔ I didn't remind {name} today: I couldn't read its systems. I'll try again."
HELD_MANY = (
    "❔ I didn't remind {name} and {others} today: I couldn't read their systems. I'll try again."
)
LEAD_LOOKS = " {lead}, please have a look."
ESCALATED = "🐢 {name} hasn't moved for {idle}.{lead}"
OFF = "Reminders are off. `remind on` brings them back."
RESTING = "Reminders are resting: the onboarding is {stage} or stuck."
NEXT = "The next reminder comes {when}, if something is still open then."
NUDGE_STAGE = "{name} is {stage}, so there is nothing to remind of. Nothing was sent."
NUDGED_TODAY = "{name} was nudged today already. Nothing was sent."
NUDGE_STUCK = (
    "{name} is stuck and waits for Interfy, so nothing was sent. Answer in its channel, then "
    "`resume {slug}`."
)
NUDGE_UNREAD = (
    "I couldn't read {name}'s systems just now, so I can't tell what is open. Nothing was sent; "
    "try again later."
)
NUDGE_NOTHING = "Nothing is open for {name}. Nothing was sent."
NUDGE_OURS = (
    "What is left for {name} is Interfy's to do, so nothing was sent. `status {slug}` shows it."
)
NUDGE_NOWHERE = (
    "{name} has no channel that takes messages. Nothing was sent; type `link {slug}` in its "
    "channel first."
)
SNOOZE_BOUNDS = (
    "I can snooze reminders for 1 to {most} days. Nothing changed; try for example: snooze 2."
)
