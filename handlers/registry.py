"""The only place that registers anything with Bolt, and the way of every delivery.

What is guaranteed (Bolt 1.30, ``listener/asyncio_runner.py``; docs.slack.dev, Events API):

* Bolt runs global middleware before it answers Slack. ``_remember`` is the last of them: it writes
  the delivery's key into the inbox. If that fails, it raises, Bolt answers 500 (over Socket Mode:
  nothing), and Slack delivers again. So nothing is acknowledged that was not written down; but a
  command, which Slack never repeats, is answered with a sentence that nothing was done.
* A key that is there already is answered 200 and not worked on again. Each delivery is therefore
  worked on at most once, over all processes that share the database.
* Bolt answers an event before its listener ends, so a crash after the answer loses that one
  request: the person sees nothing happen and asks again. What must not get lost (reminders,
  hand-offs) does not rest on this: services write it in one transaction with its outbox row.
* Everything is acknowledged before any work starts; the work is a task that the registry owns,
  reports the errors of, and waits for in ``drain``.
* Bolt asks its listeners one after the other and prepares a call of each, which takes longer than
  anything else before the answer. So it has one for all of a kind: buttons, forms, events, menus;
  which of them it is, is looked up here.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import words
from bot.services.metrics import ACKS, INTERACTIONS
from handlers.call import Entry, NewsListener, OptionSource, Tools
from handlers.desk import Desk
from handlers.ids import COMMAND, ActionId, CallbackId, Verb
from handlers.origin import (
    Kind,
    Origin,
    delivery_key,
    kind_of,
    of_click,
    of_command,
    of_event,
    of_form,
    of_options,
)
from handlers.room import Room, busy, told
from handlers.workspace import CONTEXT

log = logging.getLogger(__name__)
INTERACTIVE = frozenset({"block_actions", "view_submission", "event_callback"})
SPOKEN = frozenset({"app_mention", "message"})
CLICKED = frozenset({"block_actions", "view_submission"})
TAKEN_IN = "taken_in"
"""Where a delivery's context has the moment it was taken in, by ``perf_counter``."""
OTHERWISE = ".*"
"""The name of what answers buttons and forms that nothing else listens to."""
Work = Callable[[Origin], Coroutine[Any, Any, None]]
"""What is done for whoever asked, once it was acknowledged."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that is listened to: its kind, its name with Slack, and what may be asked by it.

    ``entries`` has one entry, several for a menu, none where words decide what is asked.
    """

    kind: Kind
    name: str
    entries: Mapping[str, Entry] = field(default_factory=dict)


class Registry:
    """Listeners, each with the action that a person must be allowed to do."""

    def __init__(self, app: AsyncApp, tools: Tools) -> None:
        self._app = app
        self._tools = tools
        self._desk = Desk(tools)
        self._tasks: set[asyncio.Task[None]] = set()
        self._doing: set[tuple[str, ...]] = set()
        self._room = Room()
        self._works: dict[tuple[Kind, str], Work] = {}
        self._sources: dict[str, tuple[Entry, OptionSource]] = {}
        self.heard: list[Heard] = [Heard(Kind.COMMAND, COMMAND)]
        app.middleware(self._remember)
        app.command(COMMAND)(self._heard(of_command, self._desk.words))

    def verb(self, verb: Verb, entry: Entry) -> None:
        """Listen to a word of the grammar."""
        self._desk.verbs[verb] = entry

    @property
    def verbs(self) -> Mapping[Verb, Entry]:
        """Every word that was registered."""
        return self._desk.verbs

    @property
    def doors(self) -> int:
        """How many listeners Bolt was given: one for each kind of thing."""
        return len({one.kind for one in self.heard})

    @property
    def tools(self) -> Tools:
        """What every listener shares."""
        return self._tools

    def words(self, event: str) -> None:
        """Listen to an event that brings words."""
        self._look_up(Kind.EVENT, event, {}, self._desk.words)

    def event(self, event: str, entry: Entry) -> None:
        """Listen to an event."""
        self._look_up(Kind.EVENT, event, {"": entry}, lambda o: self._desk.event(o, entry))

    def news(self, event: str, listener: NewsListener) -> None:
        """Listen to what Slack says happened, and nobody asked for; only staff may hear of it."""
        self._look_up(Kind.EVENT, event, {}, lambda o: self._desk.news(o, listener))

    def button(self, action_id: ActionId, entry: Entry) -> None:
        """Listen to a button or menu."""
        self._look_up(Kind.CLICK, action_id, {"": entry}, lambda o: self._desk.click(o, entry))

    def menu(self, action_id: ActionId, entries: Mapping[str, Entry]) -> None:
        """Listen to an overflow menu whose entries ask for different actions."""
        self._look_up(Kind.CLICK, action_id, entries, lambda o: self._desk.menu(o, entries))

    def suggestion(self, action_id: ActionId) -> None:
        """Listen to a button that carries a command in words."""
        self._look_up(Kind.CLICK, action_id, {}, self._desk.suggestion)

    def form(self, callback_id: CallbackId, entry: Entry) -> None:
        """Listen to a submitted modal."""
        self._look_up(Kind.FORM, callback_id, {"": entry}, lambda o: self._desk.form(o, entry))

    def _look_up(self, kind: Kind, name: str, entries: Mapping[str, Entry], work: Work) -> None:
        self.heard.append(Heard(kind, name, entries))
        self._works[kind, name] = work

    def otherwise(self) -> None:
        """Let buttons and forms in, and answer those of older versions, which nobody knows now."""
        self.heard += [Heard(Kind.CLICK, OTHERWISE), Heard(Kind.FORM, OTHERWISE)]
        everything = re.compile(OTHERWISE)
        self._app.action(everything)(self._heard(of_click, self._looked_up))
        self._app.view(everything)(self._heard(of_form, self._looked_up))

    def let_the_rest_in(self) -> None:
        """Let in the events and menus that were named; of others Bolt says that nobody listens."""
        events = [name for kind, name in self._works if kind is Kind.EVENT]
        self._app.event(_any_of(events))(self._heard(of_event, self._looked_up))
        self._app.options(_any_of(self._sources))(self._filled)

    async def _looked_up(self, origin: Origin) -> None:
        if origin.kind is Kind.EVENT:
            name = origin.event["type"]
        else:
            name = origin.action_id if origin.kind is Kind.CLICK else origin.view["callback_id"]
        await self._works.get((origin.kind, name), self._desk.stale)(origin)

    def options(self, action_id: ActionId, entry: Entry, source: OptionSource) -> None:
        """Fill a menu while somebody types; the answer is the acknowledgement."""
        self.heard.append(Heard(Kind.OPTIONS, action_id, {"": entry}))
        self._sources[action_id] = entry, source

    async def _filled(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        origin = _through(of_options(body), context)
        await ack(options=await self._desk.options(origin, *self._sources[origin.action_id]))
        self._acknowledged(Kind.OPTIONS, context)

    def _heard(
        self,
        read: Callable[[dict[str, Any]], Origin],
        work: Work,
    ) -> Callable[[AsyncAck, dict[str, Any], AsyncBoltContext], Awaitable[None]]:
        async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            await ack()
            origin = _through(read(body), context)
            self._acknowledged(origin.kind, context)
            if not origin.is_news:
                self._start(origin, self._do(origin, work))

        return listener

    async def _do(self, origin: Origin, work: Work) -> None:
        """Do it for whoever it is for.

        In a channel that both workspaces share an event comes once, through either. What home's
        people say, and what is said to home's bot, is home's all the same.
        """
        installations = self._tools.installations
        if installations is not None and origin.event.get("type") in SPOKEN:
            people = self._tools.people
            to_home = f"<@{await people.bot_user()}" in origin.text
            if to_home or origin.team_id == await people.home_team():
                origin = replace(origin, workspace=None)
            if origin.workspace is None and not (to_home or origin.is_direct):
                # Another workspace's bot was called, and home's grammar knows home's alone.
                others = "|".join(one.bot_user for one in await installations.all())
                home = f"<@{await people.bot_user()}>"
                text = re.sub(rf"<@({others})(\|[^>]*)?>", home, origin.text)
                origin = replace(origin, text=text)
        await work(origin)

    def _acknowledged(self, kind: Kind, context: AsyncBoltContext) -> None:
        took = perf_counter() - context[TAKEN_IN]
        self._tools.services.meter.observe(ACKS, took, str(kind))

    def _start(self, origin: Origin, work: Coroutine[Any, Any, None]) -> None:
        """Run the work as our own task; a second press while the first still runs is that one."""
        view_id = str(origin.view.get("id") or "")
        press = (origin.user_id, origin.message_ts, view_id, origin.action_id, origin.value)
        single = bool(origin.message_ts or view_id)
        if single and press in self._doing:
            work.close()
            return
        if single:
            self._doing.add(press)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        self._room.take()
        task.add_done_callback(lambda done: self._end(done, press))

    def _end(self, task: "asyncio.Task[None]", press: tuple[str, ...]) -> None:
        self._tasks.discard(task)
        self._doing.discard(press)
        self._room.leave()
        if not task.cancelled() and task.exception() is not None:
            # The desk answers every error; only its own answer failing ends up here.
            log.error("an answer could not be given", exc_info=task.exception())

    async def admitted(
        self, request: AsyncBoltRequest, dispatch: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Dispatch a delivery as soon as there is room, or say that there is none."""
        request.context[TAKEN_IN] = perf_counter()
        kind = kind_of(request.body)
        if kind is None:
            return await dispatch()
        async with self._room.place() as came_free:
            if came_free:
                with self._tools.services.way.ahead():
                    return await dispatch()
        self._tools.services.meter.count(INTERACTIONS, str(kind), "busy")
        return busy(kind)

    async def drain(self) -> None:
        """Wait for everything that was started; call it before the client is closed."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _remember(
        self,
        req: AsyncBoltRequest,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt finds it by this name.
    ) -> BoltResponse | None:
        body: dict[str, Any] = req.body
        self._tools.services.pulse.heard(clicked=body.get("type") in CLICKED)
        known = body.get("command") or body.get("type") in INTERACTIVE
        try:
            if known and not await self._tools.services.inbox.accept(delivery_key(body)):
                return BoltResponse(status=200, body="")
        except Exception:
            if not body.get("command"):
                raise
            log.exception("a command could not be taken")
            return told(words.trouble.NOT_WRITTEN)
        await next()
        return None


def _through(origin: Origin, context: AsyncBoltContext) -> Origin:
    """Through which installation it came."""
    return replace(origin, installed_team=context.team_id or "", workspace=context.get(CONTEXT))


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(map(re.escape, names))})$")
