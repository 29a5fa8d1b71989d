"""From what Slack sent to an authorised call, or to a refusal.

Nothing here trusts a payload: the person's standing comes from Slack's own answers, the customer
of a channel from our store. A button's value names a customer, a form remembers one, a command
may spell one: each is only ever compared with what the acting person may reach.
"""

from dataclasses import dataclass, replace

from bot import words
from bot.domain.access import Action, Actor, Standing, authorise
from bot.domain.catalogue import catalogue
from bot.domain.customer import Customer
from bot.services.errors import NotLinkedError, UnknownCustomerError, UserError
from handlers.asked import Request
from handlers.call import Call, Entry, Tools
from handlers.ids import Verb
from handlers.origin import Kind, Origin
from handlers.values import FormState, Target, decode

NOBODY = -1
"""Stands for a customer that a person named and may not even know to exist."""


class RefusedError(Exception):
    """The person may not do that; ``args[0]`` is the sentence that says who can."""

    def __init__(self, sentence: str, action: Action) -> None:
        super().__init__(sentence)
        self.action = action


class SilentError(Exception):
    """Nothing is to be answered: bots are not talked to, so that no two of them ever chat."""


class StaleError(Exception):
    """The button or form is none that this version made."""


def allow(actor: Actor, action: Action, customer_id: int | None) -> None:
    """Let an act pass.

    Raises:
        RefusedError: this person may not do that.
    """
    permission = authorise(actor, action, customer_id)
    if permission.refusal is not None:
        raise RefusedError(words.refusals.refused(permission.refusal, action), action)


@dataclass(frozen=True, slots=True)
class Gate:
    """Turns origins into calls."""

    tools: Tools

    async def for_request(self, origin: Origin, entry: Entry, request: Request) -> Call:
        """A call asked for in words."""
        call = await self._call(origin)
        call = replace(call, asked=request, item=request.item)
        if not entry.needs_customer:
            allow(call.actor, entry.action, call.actor.linked_customer_id)
            return call
        named = bool(request.customer or request.channel_id)
        if not named:
            return self._with_customer(call, entry, call.here, request.verb)
        if not call.actor.is_staff:
            return self._named_by_customer(call, entry, request)
        return self._with_customer(call, entry, await self._named(request), request.verb)

    async def for_click(self, origin: Origin, entry: Entry, value: str) -> Call:
        """A call made with a button."""
        call = await self._call(origin)
        if not entry.needs_customer:
            allow(call.actor, entry.action, call.actor.linked_customer_id)
            return call
        call = await self._with_target(call, entry, decode(value))
        if entry.in_form:
            raise StaleError(words.trouble.STALE)
        return call

    def placed(self, origin: Origin) -> tuple[Origin, FormState | None]:
        """A form's origin with the channel where it was opened; None when it is none of ours."""
        sealed = str(origin.view.get("private_metadata") or "")
        state = self.tools.sealer.unseal(sealed, origin.user_id)
        if state is None:
            return origin, None
        thread = state.thread_ts
        placed = replace(
            origin, channel_id=state.channel_id, thread_ts=thread, in_thread=bool(thread)
        )
        return placed, state

    async def for_form(self, origin: Origin, entry: Entry, state: FormState | None) -> Call:
        """A call made from within a form that was ``placed``."""
        call = await self._call(origin)
        if state is None:
            raise StaleError(words.trouble.STALE_FORM)
        call = replace(call, detail=state.detail)
        if not entry.needs_customer:
            allow(call.actor, entry.action, call.actor.linked_customer_id)
            return call
        return await self._with_target(call, entry, Target(state.customer_id, state.item))

    async def stale(self, origin: Origin) -> None:
        """A button or form that nothing listens to.

        Raises:
            StaleError: always, unless a bot sent it.
        """
        await self.only_people(origin)
        raise StaleError(
            words.trouble.STALE_FORM if origin.kind is Kind.FORM else words.trouble.STALE
        )

    async def only_people(self, origin: Origin) -> Actor:
        """Who acts.

        Raises:
            SilentError: a bot does.
        """
        return (await self._call(origin)).actor

    async def _call(self, origin: Origin) -> Call:
        """Who acts, and the customer of the place where they do; both looked up once.

        Raises:
            SilentError: a bot does.
        """
        if origin.is_bot:
            raise SilentError
        team, standing = await self._who(origin)
        if standing is Standing.BOT:
            raise SilentError
        here = None
        if origin.channel_id:
            here = await self.tools.services.customers.for_channel(origin.channel_id)
        actor = Actor(origin.user_id, team, origin.channel_id, standing, here.id if here else None)
        return Call(self.tools, origin, actor, self.tools.replies(origin), here=here)

    async def _who(self, origin: Origin) -> tuple[str, Standing]:
        """Somebody's own team and standing; through another workspace nobody is staff."""
        people = self.tools.people
        if origin.workspace is not None:
            return origin.team_id or origin.workspace.team_id, Standing.MEMBER
        team = origin.team_id or await people.team_of(origin.user_id)
        return team, await people.standing(origin.user_id, team)

    def _with_customer(self, call: Call, entry: Entry, found: Customer | None, verb: Verb) -> Call:
        allow(call.actor, entry.action, found.id if found else None)
        if found is None:
            # After ``stuck`` every word is the reason, so that a name can't stand there.
            told = (
                words.channels.NO_CUSTOMER_HERE if verb is Verb.STUCK else words.channels.NOT_LINKED
            )
            raise NotLinkedError(told.format(verb=verb))
        return replace(call, found=found)

    def _named_by_customer(self, call: Call, entry: Entry, request: Request) -> Call:
        """A customer's person may spell its own customer's name; every other is refused alike."""
        found = call.here
        mine = found is not None and (
            request.channel_id == call.actor.channel_id
            or request.customer.casefold() in (found.slug, found.name.casefold())
        )
        asked_for = found.id if found is not None and mine else NOBODY
        allow(call.actor, entry.action, asked_for)
        return self._with_customer(call, entry, found, request.verb)

    async def _named(self, request: Request) -> Customer:
        """The customer that staff named; a near miss offers the whole command again."""
        customers = self.tools.services.customers
        if request.channel_id:
            linked = await customers.for_channel(request.channel_id)
            if linked is None:
                raise NotLinkedError(words.channels.NOT_LINKED.format(verb=request.verb))
            return linked
        try:
            return await customers.find(request.customer)
        except UnknownCustomerError as error:
            raise UserError(str(error), _restated(request, error.nearest)) from error

    async def _with_target(self, call: Call, entry: Entry, target: Target | None) -> Call:
        """Authorise what a value claims before anything about it is looked up."""
        if target is None:
            allow(call.actor, entry.action, call.actor.linked_customer_id)
            raise StaleError(words.trouble.STALE)
        allow(call.actor, entry.action, target.customer_id)
        known = {requirement.id for requirement in catalogue()}
        wrong = entry.items and target.item not in entry.items
        if wrong or ((entry.needs_item or target.item) and target.item not in known):
            raise StaleError(words.trouble.STALE)
        if call.here is not None and call.here.id == target.customer_id:
            return replace(call, found=call.here, item=target.item)
        try:
            found = await self.tools.services.customers.by_id(target.customer_id)
        except KeyError:
            raise StaleError(words.trouble.STALE) from None
        return replace(call, found=found, item=target.item)


def _restated(request: Request, nearest: str) -> str:
    """The command with the customer's name put right; "" where no name is near."""
    typed = request.customer
    if nearest and typed and typed in request.text:
        return request.text.replace(typed, nearest, 1)
    return f"{request.verb} {nearest}" if nearest else ""


def is_form_click(origin: Origin) -> bool:
    """True for a click inside a modal."""
    return origin.kind is Kind.CLICK and origin.view.get("type") == "modal"
