"""What people decide about items: done, waived, assigned, stuck; and about the onboarding."""

ATTESTED = "{item}: marked as done, with your name. The card shows it."
OVERRULED = (
    "{item}: noted with your name. A live check counts more, though, and the last one found: "
    "{found}. Press Re-check once it is put right."
)
UNATTESTED = "{item}: no longer marked as done. The next check says what holds."
UNWAIVED = "{item}: no longer waived. The card shows what holds."
NOTHING_TO_UNDO = "{item}: neither marked as done nor waived, so nothing changed."
ASSIGNED = "{item}: {owner} looks after it now{due}."
NOT_IN_CHANNEL = (
    "That person isn't in this customer's channel and could not be reminded there, so nothing "
    "changed. Invite them first, or choose somebody who is in it."
)
WAIVED = "{item}: waived{until}. The card says by whom and why."
STUCK_TOLD = "Interfy support has been told, and reminders rest. They'll answer here."
SENT_BACK = "{name} is sent back. Its channel is told why."
ACCEPTED = "{name} is accepted. Its channel is told."
STAGED = "{name} is {stage} now."
AIMED = "{name} aims for {day}. The card shows it."
AIMLESS = "{name} has no target date any more."
ASK_WHY = (
    "Press the button and say in a sentence what is in the way, or type `stuck` and the sentence."
)
NOT_BY_HAND = "{item} can't be marked as done by hand. Press Contact Interfy support instead."
NOBODY_MARKED = "Nobody has marked that item as done, so nothing changed."
HAND_OFF_STAYS = "The hand-off itself can't be waived, so nothing changed."
NO_WAIVER_WHY = "A waiver needs a reason, so nothing changed. Say why it's all right."
DAY_OVER = "{day:%d %b %Y} is over already, so nothing changed."
NOT_WAIVED = "That item isn't waived, so nothing changed."
