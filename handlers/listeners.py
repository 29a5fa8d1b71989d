"""The table of everything the bot listens to, each with the action it needs."""

from bot.domain.access import Action
from handlers.call import Entry
from handlers.commands.status import status
from handlers.ids import Verb

VERBS: dict[Verb, Entry] = {
    Verb.STATUS: Entry(Action.STATUS, status),
}
