"""The hand-off: what is ready, what is too early, what support answered."""

ONE_PRESS = "{name} is ready for OneCore. One press is left: {button}."
OPENING = "{name} is ready for OneCore · handed over by {who}, {day} {time}"
VERIFIED = "verified live"
NUMBERS = "{met} of {total} required · {how}"
RISKS_BELOW = " · {risks}: see below"
FROM_START = "{days} from start"
TITLE = "{name} is ready for OneCore"
HANDED_OVER = "Handed over by {who}, {day} {time}\n{numbers}{risks}"
PACK = "{facts}{started} · 📎 {file} in the thread"
CONFIRMED = (
    "📨 {who} handed {name} over to Interfy support at {time}. You'll hear from us here; I've "
    "stopped reminding."
)
ACCEPTED = "🎉 {who} at Interfy accepted the hand-off of {name}. OneCore can be switched on."
SENT_BACK = (
    "↩️ {who} at Interfy sent {name} back: {reason}\nThe card shows what is left; I'll remind "
    "you again."
)
READY = "✅ {name} is ready for OneCore. One press is left: {button}."
RISKS_ON_CARD = " The card names what is left as a risk."
REOPENED = "↩️ {name} isn't ready any more: a new check found a step back before Interfy accepted."
TOO_EARLY = "Nearly there. Before Interfy can start, these are left:"
NEED_A_HAND = "Need a hand instead?"
ALREADY = "{name} was handed over already, by {who} at {when}. Nothing to do."
DONE = "Done: Interfy support has everything about {name}. You'll hear from them here."
SAY_WHY = "Please say why, so that the customer knows what to do."
