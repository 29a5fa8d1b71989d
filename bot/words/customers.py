"""Starting and finding onboardings."""

NO_SLUG = 'I can\'t make a short name from "{name}". Use letters and digits, for example: new acme.'
TAKEN = 'There is a customer called "{slug}" already. Nothing changed.'
CHANNEL_TAKEN = (
    "This channel shows {name} already, and a channel shows one customer only, so nothing "
    "changed. Should it show {slug} instead?"
)
UNKNOWN = 'I don\'t know "{text}". `list` shows every customer, `new` starts one.'
