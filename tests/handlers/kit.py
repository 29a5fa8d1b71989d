"""The bot whole, over a real store and the Slack stand-in; the customer's systems are faked."""

import asyncio
import contextlib
import json
import pickle
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.model import SupportIdentity
from bot.services.customers import CustomerService
from bot.services.hub import Outside, Services, Signing, make_services
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from handlers import SlackApp, SlackConfig, build_slack_app
from handlers.board import CardBoard
from handlers.poster import SlackMessenger
from tests.fakes.clock import FakeClock, no_holidays
from tests.fakes.gateway import FakeGateway
from tests.fakes.source import FakeSource
from tests.fakes.store import KEY, begun, content_of, make_store
from tests.sandbox.slack_kit import ACME, SAM, START, SUPPORT, Json, Slack, running


@dataclass
class Bot:
    """A running bot, and the stand-in that its people sit at."""

    slack: Slack
    app: SlackApp
    services: Services
    store: SqlStore
    source: FakeSource
    board: CardBoard

    async def settle(self) -> None:
        """Until everything that was asked for is done and shown."""
        deliveries = self.slack.server.delivery._running
        while deliveries:
            await asyncio.wait(set(deliveries))
        await self.app.registry.drain()
        await self.board.drain()

    async def say(self, who: str, text: str, channel: str = ACME, **more: Any) -> str:
        """Say something, and read the newest thing that this person then sees."""
        answer = await self.slack.say(who, text, channel, **more)
        assert answer["ok"], answer
        await self.settle()
        return await self.last(who, channel)

    async def last(self, who: str, channel: str = ACME) -> str:
        return str((await self.slack.seen(who, channel))[-1]["text"])

    async def read(self, who: str, channel: str = ACME) -> list[str]:
        return [str(message["text"]) for message in await self.slack.seen(who, channel)]

    async def card(self, who: str = SAM) -> Json:
        """The living card, as somebody sees it."""
        customer = await self.services.customers.for_channel(ACME)
        assert customer is not None
        ref = await self.services.customers.card(customer.id)
        assert ref is not None
        return next(m for m in await self.slack.seen(who, ref.channel_id) if m["ts"] == ref.ts)

    async def press(
        self, who: str, action_id: str, channel: str = ACME, *, about: str = "", **value: Any
    ) -> Json:
        """Press the newest button or menu with this id; ``value`` is forged where it is given."""
        for message in reversed(await self.slack.seen(who, channel)):
            found = find_element(message.get("blocks", []), action_id, about)
            if found is not None:
                source = {"type": "message", "channel": channel, "ts": message["ts"]}
                return await self._act(who, source, found, value)
        raise AssertionError(f"{who} sees no {action_id} in {channel}")

    async def press_in_form(
        self, who: str, action_id: str, *, wait: bool = True, **value: Any
    ) -> Json:
        """Press in the form on top; not to ``wait`` leaves what follows under way."""
        view = self.form(who)
        found = find_element(view["blocks"], action_id)
        assert found is not None, f"no {action_id} in the form"
        return await self._act(
            who, {"type": "view", "view_id": view["id"]}, found, value, wait=wait
        )

    async def press_at_home(self, who: str, action_id: str, **value: Any) -> Json:
        found = find_element(self.slack.server.interactions.homes[who]["blocks"], action_id)
        assert found is not None, f"no {action_id} on the Home tab"
        return await self._act(who, {"type": "home"}, found, value)

    async def _act(
        self, who: str, source: Json, found: tuple[str, Json], value: Json, *, wait: bool = True
    ) -> Json:
        block_id, element = found
        answer = await self.slack.ui(
            "action",
            persona=who,
            source=source,
            block_id=block_id,
            action_id=element["action_id"],
            value={"type": element["type"], **value},
        )
        if wait:
            await self.settle()
        return answer

    def form(self, who: str) -> Json:
        """The modal on top of what a person sees."""
        stack = self.slack.server.interactions.stack(who)
        assert stack, f"{who} sees no form"
        return stack[-1]

    async def form_says(self, who: str, text: str) -> None:
        """Wait until the form on top, which is changed after the click was answered, says this."""
        async with asyncio.timeout(60):
            while text not in shown(self.form(who)):  # noqa: ASYNC110 - the stand-in has no event.
                await asyncio.sleep(0.005)

    def has_form(self, who: str) -> bool:
        return bool(self.slack.server.interactions.stack(who))

    async def submit(self, who: str, **entered: Json) -> Json:
        """Fill in the form on top and press its button."""
        view = self.form(who)
        state = {
            block: {("person" if "selected_option" in slot else "entry"): slot}
            for block, slot in entered.items()
        }
        answer = await self.slack.ui("submit", persona=who, view_id=view["id"], state=state)
        await self.settle()
        return answer

    async def open_home(self, who: str) -> Json:
        """Open the Home tab and read it."""
        params = {"persona": who}
        await self.slack.http.get("/_ui/home", params=params)
        await self.settle()
        view: Json = self.slack.server.interactions.homes[who]
        return view


def text_entry(text: str) -> Json:
    return {"type": "plain_text_input", "value": text}


def find_element(
    blocks: Sequence[Json], action_id: str, about: str = ""
) -> tuple[str, Json] | None:
    """An element by id, and by what its value says it is about."""
    for block in blocks:
        elements = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in elements:
            if not isinstance(element, dict) or element.get("action_id") != action_id:
                continue
            if about in json.dumps(element):
                return block["block_id"], element
    return None


def shown(message: Json) -> str:
    """Everything that a message or view shows, as one text."""
    return json.dumps(message.get("blocks", []), ensure_ascii=False)


async def no_wait(_seconds: float) -> None:
    """A pause that lasts no time."""


@contextlib.asynccontextmanager
async def running_bot(**config: Any) -> AsyncIterator[Bot]:
    """Run everything, with one customer, Acme, linked to the channel shared with it.

    Time stands still.
    """
    async with _running(await begun("acme with Slack", _create_acme), **config) as bot:
        yield bot


Fill = Callable[[FakeSource], None]
"""Puts into the customer's systems what a test wants them to hold."""


def nothing(_source: FakeSource) -> None:
    """No system is connected."""


@contextlib.asynccontextmanager
async def carded_bot(fill: Fill = nothing) -> AsyncIterator[Bot]:
    """As ``running_bot``, once Sam has asked for the status: Acme is checked, its card is posted.

    That is done once in a run for each ``fill``; all others begin with what it left, as a bot
    begins that was started again, except that it still knows what the check read.
    """
    if fill not in _left:
        async with running_bot() as bot:
            fill(bot.source)
            await bot.say(SAM, "/onboard status")
            assert "Live card" in shown(await bot.card())
            _left[fill] = await Left.by(bot)
    left = _left[fill]
    async with _running(left.stored) as bot:
        fill(bot.source)
        left.put_into(bot)
        yield bot


@dataclass(frozen=True)
class Left:
    """What a bot and its Slack hold, for others to begin with."""

    stored: bytes
    in_slack: bytes
    remembered: bytes

    @classmethod
    async def by(cls, bot: Bot) -> "Left":
        state = bot.slack.server.state
        return cls(
            await content_of(bot.store),
            pickle.dumps((state.channels, state._counter, state._last_ts)),
            pickle.dumps((bot.source.calls, bot.services.matching._facts._source._last)),
        )

    def put_into(self, bot: Bot) -> None:
        state = bot.slack.server.state
        # Ids and times go on behind those that were given out: none comes twice.
        state.channels, state._counter, state._last_ts = pickle.loads(self.in_slack)
        bot.source.calls, known = pickle.loads(self.remembered)
        bot.services.matching._facts._source._last.update(known)


_left: dict[Fill, Left] = {}


@contextlib.asynccontextmanager
async def _running(stored: bytes, **config: Any) -> AsyncIterator[Bot]:
    support = SupportIdentity()
    async with running(wire=False, ours=True) as slack, make_store(stored) as store:
        source = FakeSource(slack.clock)
        board = CardBoard(slack.client, store, slack.clock, support, pause=no_wait)
        messenger = SlackMessenger(slack.client, store, support)
        services = make_services(
            Outside(
                store=store,
                source=source,
                messenger=messenger,
                board=board,
                clock=slack.clock,
                holidays_of=_no_holidays,
                support=support,
                support_channel=SUPPORT,
                owner="test",
                signing=Signing(FakeGateway(), Vault(KEY), "https://onboard.example"),
                pause=no_wait,
            )
        )
        settings = SlackConfig(
            bot_token=slack.server.state.bot_token,
            support_channel_id=SUPPORT,
            staff_usergroup_id="S0SUPPORT",
            **config,
        )
        app = build_slack_app(settings, services, client=slack.client)
        bot = Bot(slack, app, services, store, source, board)
        async with slack.connected(app):
            yield bot
            # A test that failed may have left the customer's systems silent.
            source.gate.set()
            await bot.settle()
            # What a sign-in began by itself would be cut off within a statement.
            await services.drain()
            await board.drain()


async def _create_acme(store: SqlStore) -> None:
    customers = CustomerService(store, FakeClock(START), _no_holidays)
    await customers.create("Acme", SAM, ACME, "T0ACME")


def _no_holidays(_region: str) -> Callable[[date], bool]:
    return no_holidays
