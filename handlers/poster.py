"""Delivers what waits in the outbox, so that each message arrives exactly once.

The row's key travels in the message's metadata; ``find`` looks it up where the message would be.
A file has no metadata: its name in its message's thread takes the key's place.
"""

import base64
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import words
from bot.domain.model import StatusKind, SupportIdentity
from bot.domain.reminders import Step
from bot.services.notices import FileNotice, Notice, ReminderNotice, load
from bot.services.ports import (
    Delivered,
    OutboxState,
    Outgoing,
    RetryLaterError,
    Store,
    UndeliverableError,
)
from handlers.blocks.base import Message
from handlers.blocks.notices import build_notice
from handlers.ids import OUTBOX_EVENT
from handlers.permalinks import Permalinks
from handlers.slack_errors import SOON, asking, code_of, delivering

log = logging.getLogger(__name__)

NO_THREAD = frozenset({"thread_not_found", "message_not_found"})
NO_METADATA = "not_implemented"
"""What a look-alike of Slack answers to an argument that it does not know."""
PAGES = 5
PAGE = 200
THREADS = 10
"""How far back an uncertain message is looked for: a thousand messages, ten threads of ours."""


class SlackMessenger:
    """``ports.Messenger`` over the Web API.

    The client it is given is copied without retry handlers: slack_sdk repeats a POST after a
    dropped connection, and a repeated ``chat.postMessage`` is a doubled message.
    """

    def __init__(self, client: AsyncWebClient, store: Store, support: SupportIdentity) -> None:
        self._client = AsyncWebClient(
            token=client.token,
            base_url=client.base_url,
            timeout=client.timeout,
            session=client.session,
            proxy=client.proxy,
            ssl=client.ssl,
            trust_env_in_session=client.trust_env_in_session,
            retry_handlers=[],
        )
        self._permalinks = Permalinks(self._client)
        self._store = store
        self._support = support

    def use(self, token: str) -> None:
        """Post with this token from now on."""
        self._client.token = token

    async def deliver(self, message: Outgoing) -> Delivered:
        """Post once.

        Raises:
            RetryLaterError: not posted, e.g. rate limited.
            UncertainDeliveryError: perhaps posted.
            UndeliverableError: will never be posted.
        """
        notice = _load(message)
        if isinstance(notice, FileNotice):
            return await self._upload(message, notice)
        thread = message.thread_ts or await self._thread(message, notice)
        url = await self._permalinks.of(message.channel, thread) if thread else ""
        built = build_notice(notice, self._support, card_url=url)
        async with delivering():
            ts = await self._post(message, built, thread, broadcast=_needs_somebody(notice))
        return Delivered(message.channel, ts)

    async def _post(
        self, message: Outgoing, built: Message, thread: str, *, broadcast: bool, keyed: bool = True
    ) -> str:
        key = {"event_type": OUTBOX_EVENT, "event_payload": {"key": message.key}}
        try:
            answer = await self._client.chat_postMessage(
                channel=message.channel,
                thread_ts=thread or None,
                reply_broadcast=bool(thread) and broadcast,
                metadata=key if keyed else None,
                unfurl_links=False,
                unfurl_media=False,
                **built.arguments(),
            )
        except SlackApiError as error:
            if thread and code_of(error) in NO_THREAD:
                # Somebody deleted the card: what it hung on is gone, but people need to read it.
                return await self._post(message, built, "", broadcast=False, keyed=keyed)
            if keyed and code_of(error) == NO_METADATA:
                # Slack itself knows metadata. A look-alike that doesn't still gets its messages,
                # but nothing can be looked up there after a crash.
                log.warning("this server takes no metadata: %s goes without its key", message.key)
                return await self._post(message, built, thread, broadcast=broadcast, keyed=False)
            raise
        return str(answer["ts"])

    async def find(self, message: Outgoing) -> Delivered | None:
        """Look the message's key up where it would have been posted.

        Raises:
            RetryLaterError: the look-up itself could not be made.
        """
        notice = _load(message)
        async with asking():
            if isinstance(notice, FileNotice):
                return await self._find_file(message, notice)
            thread = message.thread_ts or await self._thread(message, notice)
            threads = [thread] if thread else []
            async for page in self._history(message.channel):
                found = _keyed(page, message.key)
                if found:
                    return Delivered(message.channel, found)
                threads += [one["ts"] for one in page if one.get("reply_count")]
            for ts in list(dict.fromkeys(threads))[:THREADS]:
                found = _keyed(await self._replies(message.channel, ts), message.key)
                if found:
                    return Delivered(message.channel, found)
        return None

    async def _thread(self, message: Outgoing, notice: Notice) -> str:
        """A reminder belongs under the card, when that is in this channel.

        One that addresses the whole channel does not: a thread is read by those who follow it.
        """
        if not isinstance(notice, ReminderNotice) or notice.step >= Step.CHANNEL:
            return ""
        async with self._store.transaction() as tx:
            card = await tx.cards.get(notice.customer_id)
        return card.ts if card is not None and card.channel_id == message.channel else ""

    async def _upload(self, message: Outgoing, notice: FileNotice) -> Delivered:
        """Slack's three-step upload; only the last step can leave a doubt."""
        thread = await self._parent(notice)
        async with asking():
            content = base64.b64decode(notice.content_base64)
            ticket = await self._client.files_getUploadURLExternal(
                filename=notice.file_name,
                length=len(content),
                alt_txt=notice.alt_text or None,
            )
            await send_bytes(self._client, str(ticket["upload_url"]), content)
        async with delivering():
            await self._client.files_completeUploadExternal(
                files=[{"id": ticket["file_id"], "title": notice.title}],
                channel_id=message.channel,
                thread_ts=thread,
            )
        return Delivered(message.channel, thread)

    async def _parent(self, notice: FileNotice) -> str:
        """The ts of the message that the file hangs on."""
        async with self._store.transaction() as tx:
            parent = await tx.outbox.get(notice.parent_key)
        if parent is None:
            raise UndeliverableError(words.delivery.NO_PARENT)
        if parent.state in (OutboxState.PARKED, OutboxState.SETTLED):
            raise UndeliverableError(words.delivery.PARENT_PARKED)
        if not parent.sent_ts:
            raise RetryLaterError(words.delivery.PARENT_FIRST, SOON)
        return parent.sent_ts

    async def _find_file(self, message: Outgoing, notice: FileNotice) -> Delivered | None:
        thread = await self._parent(notice)
        for reply in await self._replies(message.channel, thread):
            names = {file.get("name") for file in reply.get("files") or ()}
            if notice.file_name in names:
                return Delivered(message.channel, str(reply["ts"]))
        return None

    async def _history(self, channel: str) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
        cursor = None
        for _ in range(PAGES):
            answer = await self._client.conversations_history(
                channel=channel, limit=PAGE, include_all_metadata=True, cursor=cursor
            )
            yield answer["messages"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _replies(self, channel: str, ts: str) -> Sequence[Mapping[str, Any]]:
        try:
            answer = await self._client.conversations_replies(
                channel=channel, ts=ts, limit=PAGE, include_all_metadata=True
            )
        except SlackApiError as error:
            if code_of(error) in NO_THREAD:
                return ()
            raise
        messages: Sequence[Mapping[str, Any]] = answer["messages"]
        return messages


async def send_bytes(client: AsyncWebClient, url: str, content: bytes) -> None:
    """The second of an upload's three steps.

    Raises:
        aiohttp.ClientError: the bytes did not arrive.
    """
    if client.session is not None:
        await _post_bytes(client.session, url, content, client.timeout)
        return
    async with aiohttp.ClientSession(trust_env=client.trust_env_in_session) as own:
        await _post_bytes(own, url, content, client.timeout)


async def _post_bytes(
    session: aiohttp.ClientSession, url: str, content: bytes, seconds: float
) -> None:
    """Send a file's bytes.

    Raises:
        aiohttp.ClientError: they did not arrive.
    """
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with session.post(url, data=content, timeout=timeout) as answer:
        answer.raise_for_status()


def _load(message: Outgoing) -> Notice:
    try:
        return load(message.payload)
    except ValueError as error:
        raise UndeliverableError(words.delivery.UNKNOWN_FORM) from error


def _needs_somebody(notice: Notice) -> bool:
    """A reminder is shown in the channel as well when somebody there has to act."""
    if not isinstance(notice, ReminderNotice):
        return False
    return (
        notice.ready
        or bool(notice.step)
        or bool(notice.mentions)
        or any(line.status == StatusKind.UNMET for line in notice.lines)
    )


def _keyed(messages: Iterable[Mapping[str, Any]], key: str) -> str:
    """The ts of the message that carries the key."""
    for message in messages:
        metadata = message.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        if metadata.get("event_type") == OUTBOX_EVENT and payload.get("key") == key:
            return str(message["ts"])
    return ""
