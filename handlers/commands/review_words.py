"""``review`` in words: the groups, and what people decide about them by a record's id."""

from collections.abc import Sequence
from typing import TypeVar

from bot import words
from bot.services.duplicates import SIDES, DuplicatesView
from bot.services.errors import UserError
from handlers.actions.review import names_of
from handlers.asked import Act
from handlers.blocks import review
from handlers.blocks.base import actions, button, context
from handlers.blocks.spoken import in_words
from handlers.call import Call
from handlers.escape import escape, short
from handlers.ids import ActionId, Verb
from handlers.values import ListState

NAMES = 240

T = TypeVar("T")


def command_of(item: str) -> str:
    """How somebody asks for this list in words: ``review vendors``."""
    return f"{Verb.REVIEW} {SIDES[item].many}"


async def review_in_words(call: Call) -> None:
    """Do what was said, or say which groups there are.

    Raises:
        UserError: it was not said of which list, or there is no such group.
    """
    asked, service = call.request, call.services.duplicates
    if call.item not in SIDES:
        raise UserError(words.review.WHICH_LIST)
    system = SIDES[call.item].system
    if not service.is_fresh(call.customer.id, system):
        await call.say(words.details.READING)
    view = await service.look(call.customer.id, system)
    if asked.act is Act.LIST:
        await _say_list(call, view)
        return
    whose, by, ids = call.customer.id, call.user, frozenset(asked.records)
    if asked.act is Act.AGAIN:
        said = _only([one for one in view.apart if ids <= set(one.ids)], call)
        await service.ask_again(whose, system, said.key, by)
        done = words.review.ASKED_AGAIN.format(names=names_of(view, said.ids))
    else:
        group = _only([one for one in view.groups if ids <= set(one.ids)], call)
        members = frozenset(group.ids)
        if asked.act is Act.KEEP:
            one = asked.records[0]
            await service.keep(whose, system, members, one, by)
            done = words.review.KEPT.format(name=view.parties[one].name)
        else:
            await service.dismiss(whose, system, members, by)
            done = words.review.DISMISSED.format(names=names_of(view, members))
    await call.say(f"☑️ {short(done, NAMES)}")


def _only(found: Sequence[T], call: Call) -> T:
    if len(found) != 1:
        ids = ", ".join(call.request.records)
        raise UserError(words.review.NO_SUCH_GROUP.format(ids=ids, command=command_of(call.item)))
    return found[0]


async def _say_list(call: Call, view: DuplicatesView) -> None:
    page = review.page_of(view, ListState(page=call.request.page))
    text = words.review.REVIEW_LIST.format(
        count=words.amounts.count(page.total, "group"),
        many=view.kind.many,
        system=view.kind.system.label,
        name=escape(call.customer.name),
    )
    shown = review.build_review(view, page, "", call.customer.timezone)
    command = command_of(call.item)
    hint = context(words.review.REVIEW_BY_WORDS.format(command=command))
    press = actions(button(ActionId.REVIEW, words.buttons.REVIEW, call.target.encode()))
    await call.tell(in_words(shown, text, command, hint, press))
