"""Answering a person where they are: privately when it can be, in the thread when it must be."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers.blocks.base import Block, Message, View
from handlers.origin import Origin
from handlers.slack_errors import (
    PAUSES,
    UNREACHABLE,
    code_of,
    is_outage,
    is_rate_limit,
    retry_after,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Replies:
    """Answers to one thing that one person did."""

    client: AsyncWebClient
    origin: Origin

    async def whisper(self, message: Message, *, fallback: bool = True) -> None:
        """Tell this person alone.

        An ephemeral message first; then the response URL of the command or click. Where Slack
        refuses both, a reply in the thread, or without ``fallback`` a direct message, because the
        others in the channel must not read it. In a direct message it is simply a message.

        Whoever asked waits for this: while Slack is unwell it is tried again. That a private answer
        is seen twice, because Slack lost only its own word for it, is better than none.
        """
        for pause in PAUSES:
            try:
                return await self._whisper(message, fallback=fallback)
            except SlackApiError as error:
                if not (is_outage(error) or is_rate_limit(error)):
                    raise
                again = max(pause, retry_after(error) if is_rate_limit(error) else 0.0)
            except UNREACHABLE:
                again = pause
            log.info("a private answer waits %g s: Slack is unwell", again)
            await asyncio.sleep(again)
        return await self._whisper(message, fallback=fallback)

    async def _whisper(self, message: Message, *, fallback: bool) -> None:
        origin = self.origin
        if not origin.channel_id:
            await self._direct(message)
        elif origin.is_direct and not origin.response_url:
            await self.post(message)
        elif not (await self._ephemeral(message) or await self._respond(message)):
            await (self.post(message, thread=True) if fallback else self._direct(message))

    async def post(self, message: Message, *, thread: bool = False) -> str:
        """Post where everybody reads it; the new message's ts."""
        ts = self.origin.thread_ts if thread else ""
        return await self.post_to(self.origin.channel_id, message, ts)

    async def post_to(self, channel_id: str, message: Message, thread_ts: str = "") -> str:
        """Post into a channel; the new message's ts."""
        answer = await self.client.chat_postMessage(
            channel=channel_id,
            unfurl_links=False,
            unfurl_media=False,
            thread_ts=thread_ts or None,
            **message.arguments(),
        )
        return str(answer["ts"])

    async def open(self, view: View) -> str:
        """Open a modal, on top of the one that was clicked in; its id."""
        trigger = self.origin.trigger_id
        if self.origin.view.get("type") == "modal":
            answer = await self.client.views_push(trigger_id=trigger, view=view)
        else:
            answer = await self.client.views_open(trigger_id=trigger, view=view)
        opened: View = answer["view"]
        return str(opened["id"])

    async def replace(self, view: View) -> bool:
        """Show something else in the modal that was clicked in; False when it is closed by now."""
        return await self.update(str(self.origin.view["id"]), view)

    async def update(self, view_id: str, view: View) -> bool:
        """Show something else in an open modal; False when it is closed by now."""
        try:
            await self.client.views_update(view_id=view_id, view=view)
        except SlackApiError as error:
            if code_of(error) != "not_found":
                raise
            return False
        return True

    async def publish_home(self, view: View) -> None:
        """Set the Home tab of this person."""
        await self.client.views_publish(user_id=self.origin.user_id, view=view)

    async def _ephemeral(self, message: Message) -> bool:
        # Without a thread already there, an ephemeral reply "in a thread" would not be seen.
        thread = self.origin.thread_ts if self.origin.in_thread else None
        try:
            await self.client.chat_postEphemeral(
                channel=self.origin.channel_id,
                user=self.origin.user_id,
                thread_ts=thread,
                **message.arguments(),
            )
        except SlackApiError as error:
            if is_outage(error) or is_rate_limit(error):
                raise
            log.info("ephemeral message refused: %s", code_of(error))
            return False
        return True

    async def _respond(self, message: Message) -> bool:
        if not self.origin.response_url:
            return False
        hook = AsyncWebhookClient(self.origin.response_url, session=self.client.session)
        blocks: Sequence[Block] = message.blocks
        answer = await hook.send(
            text=message.text,
            blocks=list(blocks),
            response_type="ephemeral",
            replace_original=False,
        )
        return answer.status_code == 200

    async def _direct(self, message: Message) -> None:
        """From the Home tab there is no channel: a direct message from the bot."""
        await self.post_to(self.origin.user_id, message)
