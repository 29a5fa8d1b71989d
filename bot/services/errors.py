"""Errors that a person caused or can mend; their text is shown as it is.

UserError
├── UnknownCustomerError   no customer has this slug (nearest one offered)
└── NotLinkedError         the channel belongs to no customer
"""


class UserError(Exception):
    """A sentence for a person: what happened, what was kept, what to do.

    ``suggestion`` is a whole command that probably says what was meant ("status acme"), or "".
    ``at_terminal`` says it to an operator, where the words for Slack would name the wrong command.
    """

    for_people = True

    def __init__(self, message: str, suggestion: str = "", at_terminal: str = "") -> None:
        super().__init__(message)
        self.suggestion = suggestion
        self.at_terminal = at_terminal or message


class UnknownCustomerError(UserError):
    """No customer has this slug; ``nearest`` is one like it, or "".

    Who knows the command that it was typed in makes a suggestion of that.
    """

    def __init__(self, message: str, nearest: str = "", at_terminal: str = "") -> None:
        super().__init__(message, at_terminal=at_terminal)
        self.nearest = nearest


class NotLinkedError(UserError):
    """The channel is linked to no customer, and none was named."""
