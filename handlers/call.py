"""What a listener gets: who asks for what, where, and everything it needs to answer."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Action, Actor
from bot.domain.customer import Customer
from bot.domain.model import Status, SupportIdentity
from bot.services.health import Line
from bot.services.hub import Services
from bot.services.installations import InstallationsService
from handlers.asked import Request
from handlers.blocks.base import Block, Message, paragraph
from handlers.config import SlackConfig
from handlers.ids import ENTRY, ActionId, Field
from handlers.origin import Origin
from handlers.people import People
from handlers.permalinks import Permalinks
from handlers.replies import Replies
from handlers.rooms import SlackRooms
from handlers.values import FormState, Sealer, Target

Diagnose = Callable[[], Awaitable[Sequence[Line]]]
"""Looks at the whole installation; takes some seconds."""


async def no_diagnosis() -> Sequence[Line]:
    """Where nobody gave a way to look."""
    return ()


@dataclass(frozen=True, slots=True)
class Tools:
    """What every listener shares."""

    services: Services
    config: SlackConfig
    client: AsyncWebClient
    people: People
    sealer: Sealer
    permalinks: Permalinks
    diagnose: Diagnose = no_diagnosis
    installations: InstallationsService | None = None

    async def rooms(self) -> SlackRooms:
        """Slack's own word on channels."""
        return SlackRooms(self.client, await self.people.home_team())

    def replies(self, origin: Origin) -> Replies:
        """Whoever acts through another workspace's installation is answered through it."""
        workspace = origin.workspace
        return Replies(workspace.client if workspace else self.client, origin)


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised act of one person. ``customer`` is set where the listener needs one.

    ``here`` is the customer to whom the channel is linked.
    """

    tools: Tools
    origin: Origin
    actor: Actor
    replies: Replies
    found: Customer | None = None
    item: str = ""
    asked: Request | None = None
    detail: str = ""
    here: Customer | None = None

    @property
    def at_home(self) -> Replies:
        """What is posted for everybody, and edited later, comes from home's bot."""
        return Replies(self.tools.client, self.origin)

    @property
    def services(self) -> Services:
        """The use cases."""
        return self.tools.services

    @property
    def support(self) -> SupportIdentity:
        """Whom the customer must let in."""
        return self.tools.services.support

    @property
    def customer(self) -> Customer:
        """The customer that this is about; the registry saw to it that there is one."""
        assert self.found is not None
        return self.found

    @property
    def request(self) -> Request:
        """What was asked in words."""
        assert self.asked is not None
        return self.asked

    @property
    def user(self) -> str:
        """Who acts."""
        return self.actor.user_id

    @property
    def target(self) -> Target:
        """Customer and item, for buttons."""
        return Target(self.found.id if self.found else 0, self.item)

    @property
    def is_elsewhere(self) -> bool:
        """True where others in the channel must not read about this customer."""
        here = self.actor.linked_customer_id
        return self.found is not None and here != self.found.id

    async def tell(self, message: Message) -> None:
        """Answer this person alone; never where others may not read about this customer."""
        await self.replies.whisper(message, fallback=not self.is_elsewhere)

    async def say(self, text: str) -> None:
        """Answer this person with one paragraph of mrkdwn."""
        await self.tell(paragraph(text))

    async def status(self) -> Status:
        """How the item stands that this is about."""
        view = await self.services.customers.view(self.customer.id)
        return view.report.status(self.item)

    def sealed(self, detail: str = "") -> str:
        """What a form opened now must remember."""
        state = FormState(
            self.actor.channel_id,
            self.user,
            self.target.customer_id,
            self.item,
            self.origin.thread_ts if self.origin.in_thread else "",
            detail,
        )
        return self.tools.sealer.seal(state)

    def entry(self, name: Field) -> str:
        """What was entered into a form's text box, "" when nothing was."""
        return str(self._element(name).get("value") or "").strip()

    def entered_day(self, name: Field) -> date | None:
        """The day that was picked in a form."""
        chosen = self._element(name).get("selected_date")
        return date.fromisoformat(chosen) if chosen else None

    def entered_person(self, name: Field) -> str:
        """The person that was picked in a form."""
        return self.entered_choice(name, ActionId.PERSON)

    def entered_choice(self, name: Field, action_id: str = ENTRY) -> str:
        """The entry that was chosen in a form's menu, "" when none was."""
        chosen = self._element(name, action_id).get("selected_option") or {}
        return str(chosen.get("value") or "")

    def _element(self, name: Field, action_id: str = ENTRY) -> Mapping[str, Any]:
        values = (self.origin.view.get("state") or {}).get("values") or {}
        element: Mapping[str, Any] = (values.get(str(name)) or {}).get(str(action_id)) or {}
        return element


Listener = Callable[[Call], Awaitable[None]]
NewsListener = Callable[[Tools, Origin], Awaitable[None]]
"""Hears what Slack says happened; there is nobody who asks, so nobody is answered."""
OptionSource = Callable[[Call], Awaitable[list[Block]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A listener with the action that a person must be allowed to do.

    ``in_form`` marks a button that only modals have; ``items`` are those that it is for, when
    they are not all.
    """

    action: Action
    listener: Listener
    needs_customer: bool = True
    needs_item: bool = False
    in_form: bool = False
    items: Collection[str] = ()
