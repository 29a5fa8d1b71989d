"""What the page's side panel can do to a world, and the ``/_world/edits`` endpoint."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.sandbox.control import read_json, refuse, sentences
from integrations.sandbox.faults import Fault, FaultBook, FaultKind, FaultMatch, FaultRule
from integrations.sandbox.slack.panel import (
    PanelAction,
    PanelActionError,
    PanelGroup,
    PanelListing,
    UnknownPanelActionError,
)
from integrations.sandbox.world.customer_panel import CustomerPanel, Step
from integrations.sandbox.world.edits import Edit, EditError, apply
from integrations.sandbox.world.live import LiveWorld
from integrations.sandbox.world.model import Customer

SYDNEY = ZoneInfo("Australia/Sydney")
_NINE = time(9, 0)
_HOUR = timedelta(hours=1)


class Panel:
    """The side panel's actions over a running world (see ``slack.panel.WorldPanel``)."""

    def __init__(self, live: LiveWorld) -> None:
        self._live = live

    def list(self) -> PanelListing:
        """Every action as it stands now."""
        groups = [
            PanelGroup(one.slug, one.name, [_shown(step) for step in self._of(one)])
            for one in self._live.world.customers
        ]
        systems = PanelGroup("systems", "The systems", [_shown(one) for one in self._systems()])
        clock = [_shown(one) for one in self._clock()]
        return PanelListing(groups=[*groups, systems], clock_actions=clock)

    async def run(self, action_id: str) -> str:
        """Do one action and say what changed.

        Raises:
            UnknownPanelActionError: There is no such action.
            PanelActionError: It cannot be done as the world stands.
        """
        for step in self._near(action_id):
            if step.id != action_id:
                continue
            if step.disabled:
                raise PanelActionError(step.hint or "This cannot be done now.")
            try:
                return step.do()
            except EditError as error:
                raise PanelActionError(str(error)) from error
        raise UnknownPanelActionError(f"This world has no action {action_id}.")

    def _of(self, customer: Customer) -> Iterator[Step]:
        return CustomerPanel(self._live, customer).steps()

    def _near(self, action_id: str) -> Iterator[Step]:
        """The steps among which an action is, if there is one: its customer's, and everybody's."""
        slug, _, _ = action_id.partition(":")
        for customer in self._live.world.customers:
            if customer.slug == slug:
                yield from self._of(customer)
        yield from self._systems()
        yield from self._clock()

    # -- the systems ----------------------------------------------------------------------

    def _systems(self) -> Iterator[Step]:
        procore, qbo = self._live.procore_faults, self._live.qbo_faults
        yield self._broken("procore-down", "Procore is down", procore, 503)
        yield self._broken("procore-429", "Procore answers 429", procore, 429)
        yield self._broken("qbo-down", "QuickBooks is down", qbo, 503)
        yield self._broken("qbo-429", "QuickBooks answers 429", qbo, 429)
        marks = ("panel 503", "panel 429")
        fine = not any(book.has(mark) for book in (procore, qbo) for mark in marks)
        yield Step("systems:up", "Everything is back up", self._mend, done=fine)

    def _broken(self, name: str, label: str, book: FaultBook, status: int) -> Step:
        mark = f"panel {status}"

        def break_it() -> str:
            for other in ("panel 503", "panel 429"):
                book.clear(label=other)
            fault = Fault(kind=FaultKind.STATUS, status=status, headers=self._wait(status))
            book.add(FaultRule(match=FaultMatch(times=None), fault=fault), label=mark)
            return f"{label}, until you press “Everything is back up”."

        return Step(f"systems:{name}", label, break_it, done=book.has(mark), danger=True)

    def _wait(self, status: int) -> dict[str, str]:
        reset = int(self._live.clock.timestamp()) + 60
        if status == 503:
            return {"Retry-After": "30"}
        return {"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": str(reset)}

    def _mend(self) -> str:
        for book in (self._live.procore_faults, self._live.qbo_faults):
            for mark in ("panel 503", "panel 429"):
                book.clear(label=mark)
        return "Procore and QuickBooks answer again."

    # -- the clock ------------------------------------------------------------------------

    def _clock(self) -> Iterator[Step]:
        clock = self._live.clock

        def to(moment: Callable[[datetime], datetime]) -> Callable[[], str]:
            def move() -> str:
                now = clock.set(moment(clock.now().astimezone(SYDNEY))).astimezone(SYDNEY)
                return f"It is now {now:%A %-d %B %Y, %H:%M} in Sydney."

            return move

        yield Step("clock:plus-1h", "One hour later", to(lambda now: now + _HOUR))
        yield Step("clock:tomorrow-0900", "Tomorrow 09:00 (Sydney)", to(_tomorrow))
        yield Step("clock:monday-0900", "Next Monday 09:00 (Sydney)", to(_next_monday))


def _tomorrow(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), _NINE, SYDNEY)


def _next_monday(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=7 - now.weekday()), _NINE, SYDNEY)


def _shown(step: Step) -> PanelAction:
    return PanelAction(
        id=step.id,
        label=step.label,
        hint=step.hint,
        done=step.done,
        disabled=step.disabled,
        danger=step.danger,
    )


def edit_route(live: LiveWorld) -> Route:
    """``POST /_world/edits``: one edit, or ``{"edits": […]}`` in order.

    An edit is as in ``world.edits``, or ``{"op": "action", "id": …}`` for a side-panel action.
    The first that fails ends the request; those before it stay made.
    """
    panel = Panel(live)

    async def edit(request: Request) -> Response:
        posted, problem = await read_json(request)
        if problem is not None:
            return problem
        wanted = posted.get("edits", [posted]) if isinstance(posted, dict) else posted
        if not isinstance(wanted, list):
            return refuse("invalid_edit", "An edit is a JSON object, or a list of them.")
        done: list[str] = []
        for number, one in enumerate(wanted):
            try:
                done.append(await _make(live, panel, one))
            except ValidationError as error:
                return _stopped(number, "invalid_edit", sentences(error), done)
            except (EditError, PanelActionError, UnknownPanelActionError) as error:
                return _stopped(number, "not_made", str(error), done)
        return JSONResponse({"ok": True, "done": done})

    return Route("/_world/edits", edit, methods=["POST"])


async def _make(live: LiveWorld, panel: Panel, posted: Any) -> str:  # noqa: ANN401 - JSON.
    if isinstance(posted, dict) and posted.get("op") == "action":
        return await panel.run(str(posted.get("id", "")))
    return apply(live, Edit.model_validate(posted))


def _stopped(number: int, code: str, message: str, done: list[str]) -> Response:
    body = {"ok": False, "error": code, "message": message, "edit": number, "done": done}
    return JSONResponse(body, 400)
