"""From a heard origin to a listener, and from every error to a sentence.

UserError             its own sentence, with a button that says what was probably meant
RefusedError          the refusal, privately
StaleError            the current card is offered
SilentError           nothing: bots get no answer
SlackApiError         what a person can do about it, where there is something
aiohttp.ClientError   Slack was unwell; they are told when it is back
anything else         a short reference, for the person, the log and the support channel
"""

import logging
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from datetime import date, datetime

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import words
from bot.domain.customer import DEFAULT_TIMEZONE
from bot.domain.reminders import local_day
from bot.services.errors import UserError
from bot.services.metrics import INTERACTIONS
from bot.services.reference import new_reference
from handlers.asked import Problem
from handlers.blocks.base import Block, Message
from handlers.blocks.notes import build_broken, build_problem, build_stale
from handlers.call import Call, Entry, NewsListener, OptionSource, Tools
from handlers.escape import plain, sentence
from handlers.gate import Gate, RefusedError, SilentError, StaleError, is_form_click
from handlers.grammar import parse
from handlers.ids import Verb
from handlers.origin import Kind, Origin
from handlers.overheard import parse_heard
from handlers.replies import Replies
from handlers.slack_errors import code_of, is_outage, is_rate_limit, retry_after

log = logging.getLogger(__name__)
MISSING_HERE = frozenset({"not_in_channel", "channel_not_found", "is_archived"})
LABEL = 75
"""Characters of a button's label; Slack allows no more."""
EXPIRED = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired"})


def _thing(origin: Origin) -> str:
    """What kind of thing somebody used."""
    return "form" if origin.kind is Kind.FORM else "button"


class Desk:
    """Answers whatever is asked, one way or another."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._gate = Gate(tools)
        self.verbs: dict[Verb, Entry] = {}

    async def words(self, origin: Origin) -> None:
        """A command, a mention or a direct message."""
        await self._guarded(origin, self._words(origin, origin.text), origin.text)

    async def suggestion(self, origin: Origin) -> None:
        """A button that says a command for the person who presses it."""
        await self._guarded(origin, self._words(origin, origin.value), origin.value)

    async def click(self, origin: Origin, entry: Entry) -> None:
        """A button or menu, in a message or in a modal."""
        if is_form_click(origin):
            origin, state = self._gate.placed(origin)
            opened = self._gate.for_form(origin, entry, state)
        else:
            opened = self._gate.for_click(origin, entry, origin.value)
        await self._guarded(origin, self._run(opened, entry), origin.action_id)

    async def menu(self, origin: Origin, entries: Mapping[str, Entry]) -> None:
        """An entry of an item's menu; what it is about follows the entry's name."""
        name, _, value = origin.value.partition(":")
        entry = entries.get(name)
        if entry is None:
            await self.stale(origin)
        else:
            await self.click(replace(origin, value=value), entry)

    async def stale(self, origin: Origin) -> None:
        """A button or form that this version doesn't know."""
        await self._guarded(origin, self._gate.stale(origin), origin.action_id)

    async def form(self, origin: Origin, entry: Entry) -> None:
        """A submitted modal."""
        placed, state = self._gate.placed(origin)
        opened = self._gate.for_form(placed, entry, state)
        name = str(origin.view.get("callback_id"))
        await self._guarded(placed, self._run(opened, entry), name)

    async def event(self, origin: Origin, entry: Entry) -> None:
        """An event without words."""
        await self._guarded(
            origin, self._run(self._gate.for_click(origin, entry, ""), entry), "event"
        )

    async def news(self, origin: Origin, listener: NewsListener) -> None:
        """Something happened that nobody asked for: there is nobody to answer, only a log.

        What another workspace's bot hears of channels is about its own side of them.
        """
        if origin.workspace is not None:
            return
        try:
            await listener(self._tools, origin)
        except Exception:
            log.exception("the event %s could not be followed", origin.event["type"])

    async def options(self, origin: Origin, entry: Entry, source: OptionSource) -> list[Block]:
        """The entries of a menu in a form; nothing for whoever may not ask."""
        try:
            placed, state = self._gate.placed(origin)
            return await source(await self._gate.for_form(placed, entry, state))
        except (RefusedError, SilentError, StaleError):
            return []
        except SlackApiError as error:
            log.warning("a menu stays empty: %s", code_of(error))
            return []

    async def _words(self, origin: Origin, text: str) -> None:
        if origin.is_bot:
            return
        workspace = origin.workspace
        bot = workspace.bot_user if workspace else await self._tools.people.bot_user()
        if origin.kind is Kind.EVENT:
            edited = bool(origin.event.get("edited"))
            parsed = parse_heard(text, self._today(), bot, edited=edited)
        else:
            parsed = parse(text, self._today(), bot)
        if isinstance(parsed, Problem):
            await self._gate.only_people(origin)
            raise UserError(parsed.message, parsed.suggestion)
        entry = self.verbs[parsed.verb]
        await self._run(self._gate.for_request(origin, entry, parsed), entry)

    async def _run(self, opened: Awaitable[Call], entry: Entry) -> None:
        call = await opened
        at = self._tools.services.clock.now()
        through = True
        try:
            await entry.listener(call)
        except RefusedError:
            # A listener refuses what only the words tell apart; that has a line of its own.
            through = False
            raise
        finally:
            if through:
                # Only now, so that nobody waits for it: a form can be opened for three seconds.
                await self._note_click(call, at)

    async def _note_click(self, call: Call, at: datetime) -> None:
        """Each click that was let through is in the history of the customer that it was about."""
        origin = call.origin
        if origin.kind is Kind.CLICK and call.found is not None:
            label = plain(origin.label, LABEL) or origin.action_id
            await self._tools.services.customers.clicked(call.found.id, call.user, label, at)

    def _today(self) -> date:
        return local_day(self._tools.services.clock.now(), DEFAULT_TIMEZONE)

    async def _guarded(self, origin: Origin, work: Awaitable[None], what: str) -> None:
        """The one place where a listener's errors end up."""
        ref = new_reference()
        replies = self._tools.replies(origin)
        log.info("%s by %s in %s", origin.kind, origin.user_id, origin.channel_id)
        outcome = "broke"
        try:
            outcome = await self._answered(origin, work, replies)
        except SlackApiError as error:
            await self._slack_said(error, replies, ref, what)
        except aiohttp.ClientError:
            # Nothing else here talks through it: Slack could not be reached.
            await self._unwell(replies, ref)
        except Exception as error:  # noqa: BLE001 - the last word to a person is never a traceback.
            await self._broke(error, replies, ref, what)
        finally:
            self._tools.services.meter.count(INTERACTIONS, str(origin.kind), outcome)

    async def _answered(self, origin: Origin, work: Awaitable[None], replies: Replies) -> str:
        """Do it, or say why not; in one word how it ended."""
        try:
            await work
        except SilentError:
            log.info("ignored: not a person")
            return "ignored"
        except RefusedError as error:
            log.info("refused: %s", origin.user_id)
            await replies.whisper(build_problem(sentence(str(error))))
            await self._note(origin, error.action)
            return "refused"
        except StaleError as error:
            log.info("it is old, or none of ours: %s", origin.user_id)
            await replies.whisper(build_stale(str(error)))
            await self._note(origin, words.history.OLD_OR_FORGED.format(thing=_thing(origin)))
            return "stale"
        except UserError as error:
            # It may name what only the asker may know, e.g. the customer that was probably meant.
            problem = build_problem(sentence(str(error)), error.suggestion)
            await replies.whisper(problem, fallback=False)
            return "problem"
        return "answered"

    async def _note(self, origin: Origin, what: str) -> None:
        """An attempt is remembered without what it claimed: others may read this history."""
        customers = self._tools.services.customers
        await customers.refused(origin.user_id, origin.channel_id, what)

    async def _slack_said(
        self, error: SlackApiError, replies: Replies, ref: str, what: str
    ) -> None:
        code = code_of(error)
        if code in EXPIRED:
            await replies.whisper(build_problem(words.trouble.TOO_LATE))
        elif code in MISSING_HERE:
            await replies.whisper(
                build_problem(words.trouble.UNREACHABLE.format(bot=words.buttons.BOT))
            )
        elif is_rate_limit(error):
            seconds = f"{retry_after(error):.0f}"
            await replies.whisper(build_problem(words.trouble.BUSY_SLACK.format(seconds=seconds)))
        elif is_outage(error):
            await self._unwell(replies, ref)
        else:
            await self._broke(error, replies, ref, what)

    async def _unwell(self, replies: Replies, ref: str) -> None:
        log.warning("Slack did not answer (ref %s)", ref)
        await replies.whisper(build_problem(words.trouble.SLACK_UNWELL))

    async def _broke(self, error: Exception, replies: Replies, ref: str, what: str) -> None:
        log.error("it broke (ref %s)", ref, exc_info=error)
        support = self._tools.config.support_channel_id
        if support:
            kind = type(error).__name__
            # A mention begins with whom it calls.
            verb = next((word for word in what.split() if not word.startswith("<@")), Verb.HELP)
            told = words.trouble.BROKEN_FOR_STAFF.format(
                ref=ref, what=f"`{sentence(verb)}`", kind=kind
            )
            home = Replies(self._tools.client, replies.origin)
            await self._tell_support(home, support, build_problem(told))
        await replies.whisper(build_broken(ref))

    async def _tell_support(self, replies: Replies, channel: str, message: Message) -> None:
        try:
            await replies.post_to(channel, message)
        except SlackApiError as error:
            log.warning("the support channel could not be told: %s", code_of(error))
