"""What people decide about items: done, waived, assigned, stuck; and about the onboarding."""

ATTESTED = "{item} is marked as done, with your name. The card shows it."
UNATTESTED = "{item} is no longer marked as done. The next check says what holds."
UNWAIVED = "{item} is no longer waived."
NOTHING_TO_UNDO = "{item} is neither marked as done nor waived, so nothing changed."
ASSIGNED = "{item} is {owner}'s now{due}."
WAIVED = "{item} is waived{until}. The card shows why."
STUCK_TOLD = "Interfy support has been told, and reminders rest. They'll answer here."
SENT_BACK = "{name} is sent back. Its channel is told why."
ACCEPTED = "{name} is accepted. Its channel is told."
STAGED = "{name} is {stage} now."
AIMED = "{name} aims for {day}. The card shows it."
AIMLESS = "{name} has no target date any more."
ASK_WHY = (
    "Press the button and say in a sentence what is in the way, or type `stuck` and the sentence."
)
