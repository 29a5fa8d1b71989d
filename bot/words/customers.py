"""Starting and finding onboardings."""

NO_SLUG = 'I can\'t make a short name from "{name}". Use letters and digits, for example: new acme.'
LONG_NAME = (
    "A customer's name may have {most} characters and this one has {length}, so nothing was made. "
    "Please say it again, shorter."
)
TAKEN = 'There is a customer called "{slug}" already. Nothing changed.'
CHANNEL_TAKEN = (
    "This channel shows {name} already, and a channel shows one customer only, so nothing "
    "changed. Should it show {slug} instead?"
)
UNKNOWN = 'I don\'t know "{text}". `list` shows every customer, `new` starts one.'
UNKNOWN_AT_TERMINAL = (
    'I don\'t know "{text}". `onboard customers list` shows every customer, '
    "`onboard customers add` starts one."
)
NO_SLUG_AT_TERMINAL = (
    'I can\'t make a short name from "{name}". Use letters and digits, for example: '
    "onboard customers add Acme."
)
CHANNEL_TAKEN_AT_TERMINAL = (
    "This channel shows {name} already, and a channel shows one customer only, so nothing changed. "
    "To take it from that customer, type `/onboard link {slug} instead` in it."
)
