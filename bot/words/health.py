"""What `doctor` says of the bot itself."""

STOPPED = "of {process} has written no sign of life for {ago}, and no goodbye"
ALL_STOPPED = (
    "It ended or hangs, and nothing is sent: restart `onboard serve`. Or it runs and can't write "
    "to the database: `/readyz` and its log say so; make room, and it goes on by itself."
)
NONE_RUNS = "no process runs"
START = "Start `onboard serve`."
BEATS = "beats in {processes}, {ago} ago"
OTHERS_WORK = "The others do its work. Its log says whether it ended, hangs or can't write."
ONE_STOPPED = "{beats}; {process} has written none for long, and no goodbye"
PRESS_HELLO = (
    "Press *Try the button: say hello* on a customer's first card, in Slack. If nothing answers, "
    "switch Interactivity on in the Slack app's settings."
)
NO_CLICK = "no click has reached the bot yet"
LAST_CLICK = "the last click came {ago} ago"
PRESS_ANY = "Press any button of the bot's to see that it answers."
TO_SEND = "{messages} to be sent"
OLDEST = "{waiting}, the oldest for {ago}"
SEE_IT_RUNS = "See that `onboard serve` runs and reaches Slack; its log names what fails."
UNDELIVERED = "could not be delivered to {where}: {why}"
GIVEN_UP = (
    "It was given up. Mend the cause. Then staff press *Send it again* under `/onboard doctor`, or "
    "tell the people concerned themselves and say so there."
)
