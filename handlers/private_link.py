"""Giving somebody a private link."""

from bot.domain.access import Action
from bot.domain.customer import Purpose
from bot.domain.model import System
from bot.domain.signin import LIFE
from handlers.blocks.signin import build_link
from handlers.call import Call
from handlers.gate import allow


async def give_link(call: Call, system: System, purpose: Purpose) -> None:
    """Make a link and show it to this person, and to nobody else."""
    url = await call.services.connect.start(call.customer.id, system, purpose, call.user)
    now = call.services.clock.now()
    message = build_link(call.customer, system, purpose, call.support, url, now + LIFE, now)
    await call.replies.whisper(message, fallback=False)


def must_be_allowed(call: Call, action: Action) -> None:
    """Part of a command needs more than the command itself.

    Raises:
        RefusedError: the person may not do that.
    """
    allow(call.actor, action, call.customer.id)
