"""Errors that a person caused or can mend; their text is shown as it is.

UserError
├── UnknownCustomerError   no customer has this slug (nearest one offered)
└── NotLinkedError         the channel belongs to no customer
"""


class UserError(Exception):
    """A sentence for a person: what happened, what was kept, what to do.

    ``suggestion`` is a whole command that probably says what was meant ("status acme"), or "".
    """

    for_people = True

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.suggestion = suggestion


class UnknownCustomerError(UserError):
    """No customer has this slug; ``nearest`` is one like it, or "".

    Who knows the command that it was typed in makes a suggestion of that.
    """

    def __init__(self, message: str, nearest: str = "") -> None:
        super().__init__(message)
        self.nearest = nearest


class NotLinkedError(UserError):
    """The channel is linked to no customer, and none was named."""
