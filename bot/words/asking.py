"""What the bot asks back when it did not understand."""

UNKNOWN = 'I don\'t know "{text}". `help` shows what I understand.'
DID_YOU_MEAN = 'I don\'t know "{text}". Did you mean {nearest}?'
TO_WHICH = "To which account or item? For example: `{example}`."
SINCE_WHEN = "Since which day? For example: `history since 12 Nov`."
ITEM_DID_YOU_MEAN = 'I don\'t know an item called "{text}". Did you mean {nearest}?'
WHICH_ITEM = "Which item? For example: `{example}`."
NO_SUCH_ITEM = 'I don\'t know an item called "{text}". The items are: {items}.'
WHICH_RECORD = "Which record? For example: `{example}`."
HOW_MANY_DAYS = "For how many days? For example: `{example}`."
REMIND_HOW = "Say `remind on`, `remind off`, or a time of day, for example `remind 09:00`."
TO_WHOM = "To whom? Mention the person, for example `{example}`."
UNKNOWN_DAY = 'I don\'t understand the day "{text}". Write it like 27 Nov.'
UNTIL_WHEN = "Until when? Write the day like 31 Dec, for example `{example}`."
WAIVER_WHY = "A waiver needs a reason. For example: `{example}`."
BY_WHICH_DAY = "By which day? For example: `{example}`."
WHICH_SYSTEM = "Which system? For example: `{example}`."
REST_DID_YOU_MEAN = 'I don\'t understand "{text}". Did you mean {nearest}?'
NOT_ASKED = (
    "I changed nothing, because you named me within a sentence. If it was for me, press the "
    "button, or start a message with my name and then `{verb}`."
)
EDITED = (
    "I changed nothing, because I had read that message before you edited it. If you want it done, "
    "press the button, or write to me anew."
)
QUESTION = (
    "I changed nothing, because you asked. `status` shows what is left. If you want it done, press "
    "the button, or say it again without the question mark."
)
WELCOME = "You're welcome. Say `status` whenever you want to see what is left."
