"""The one place for what people read: a module for each subject, nothing but words and symbols.

What a requirement says of itself (title, why, steps, findings) stays with the requirement in
``bot.domain``; the texts of refusals and of stages stay with the rules that give them. A test keeps
sentences out of the services and of ``handlers``. A symbol always stands beside its word.
"""

from bot.words import (
    amounts,
    asking,
    buttons,
    card,
    channels,
    commands,
    connections,
    decisions,
    delivery,
    details,
    forms,
    handoff,
    history,
    installing,
    matching,
    portfolio,
    reminders,
    review,
    risks,
    states,
    talk,
    trouble,
)

__all__ = [
    "amounts",
    "asking",
    "buttons",
    "card",
    "channels",
    "commands",
    "connections",
    "decisions",
    "delivery",
    "details",
    "forms",
    "handoff",
    "history",
    "installing",
    "matching",
    "portfolio",
    "reminders",
    "review",
    "risks",
    "states",
    "talk",
    "trouble",
]
