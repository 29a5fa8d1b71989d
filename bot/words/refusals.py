"""Why somebody may not, or why it is not possible now; who can, and what to do instead."""

from bot.domain.access import Action, Refusal
from bot.domain.lifecycle import Event

REFUSED = {
    Refusal.STAFF_ONLY: (
        'Only Interfy staff can do that ({action}). Ask in this channel, or press "I\'m stuck" and '
        "we'll see it."
    ),
    Refusal.NOT_HERE: (
        "I can only talk about an onboarding in the channel that Interfy shares with that "
        "customer. Interfy staff can help there."
    ),
    Refusal.OTHER_CUSTOMER: (
        "In this channel I can only talk about the customer it belongs to. Leave the name out and "
        "I'll use that one; only Interfy staff can ask about others."
    ),
    Refusal.BOT: "I only answer people.",
}
NOT_NOW = {
    Event.GATE_OPENED: "{name} is {stage}, so a check doesn't change its stage.",
    Event.GATE_CLOSED: "{name} is {stage}, so a check doesn't change its stage.",
    Event.HAND_OFF: "{name} is {stage}, so it can't be handed over now.",
    Event.ACCEPT: "{name} is {stage}; only a customer that was handed over can be accepted.",
    Event.SEND_BACK: "{name} is {stage}; only a customer that was handed over can be sent back.",
    Event.REGRESS: "{name} is {stage}, so there is no hand-off to reopen.",
    Event.PAUSE: "{name} is {stage}, so there is nothing to pause.",
    Event.RESUME: "{name} is {stage} already; only a paused or archived customer can be resumed.",
    Event.ARCHIVE: "{name} is archived already.",
}


def refused(refusal: Refusal, action: Action) -> str:
    """Who can do that instead; it names nobody."""
    return REFUSED[refusal].format(action=action.value)
