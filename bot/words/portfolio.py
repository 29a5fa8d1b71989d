"""All onboardings: the Home tab, the list, the weekly digest and its picture."""

SHOWN = "{what} {first:,} to {last:,} of {total:,}"
DIGEST_NUMBERS = "{open:,} under way, {stuck:,} stuck, {moved:,} moved in the last week."
NEEDY = "*Most in need of somebody*\n{lines}"
DIGEST = "Onboardings on {day}: {numbers}"
WAITING_ON = " · waiting on {who}"
NOTHING_MOVED = "Nothing moved in the last week."
MOVED = "Moved in the last week: {names}"
NUMBERS = "{open:,} open · {stuck:,} stuck · {ready:,} ready"
NONE_YET = "No onboarding yet. Press {button} to start one."
NONE_UNDER = "No onboarding under {filter}."
POINTER = (
    "Your onboarding lives in the channel that Interfy shares with you. There, mention me: "
    "`{bot} status` or `{bot} help`."
)
LIST_EMPTY = "No onboarding here. `new Acme Constructions` starts one."
LIST = "{count}, the most stuck first."
LIST_MORE = "`{command}` shows the next ones."
