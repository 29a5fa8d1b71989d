"""Delivery exactly once: what Slack's answers mean, and how a lost answer is found again."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.customer import CardRef, NewCustomer
from bot.domain.model import SupportIdentity
from bot.domain.reminders import Step
from bot.services.notices import ChartNotice, PackNotice, dump
from bot.services.ports import (
    Outgoing,
    RetryLaterError,
    UncertainDeliveryError,
    UndeliverableError,
)
from bot.storage.store import SqlStore
from handlers.poster import SlackMessenger
from handlers.slack_errors import delivering
from tests.fakes.store import make_store
from tests.handlers.surfaces import all_notices
from tests.sandbox.slack_kit import ACME, GENERAL, OLD, START, SUPPORT, Slack, running

NOTICES = all_notices("Acme")


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with running(wire=False) as stand_in:
        yield stand_in


@pytest.fixture
async def store() -> AsyncIterator[SqlStore]:
    """With one customer, whose id is the notices'."""
    async with make_store() as opened:
        async with opened.transaction() as tx:
            for n in range(7):
                await tx.customers.add(NewCustomer(f"acme-{n}", "Acme"), START)
        yield opened


@pytest.fixture
def messenger(slack: Slack, store: SqlStore) -> SlackMessenger:
    return SlackMessenger(slack.client, store, SupportIdentity())


def outgoing(kind: str, channel: str = ACME, key: str = "k:1") -> Outgoing:
    return Outgoing(key, kind, channel, dump(NOTICES[kind]), 7)


async def with_card(slack: Slack, store: SqlStore, channel: str = ACME) -> str:
    """A living card; its ts."""
    ts = str((await slack.client.chat_postMessage(channel=channel, text="card"))["ts"])
    async with store.transaction() as tx:
        await tx.cards.put(CardRef(7, channel, ts))
    return ts


async def test_every_notice_is_delivered_with_its_key_and_found_by_it(
    slack: Slack, messenger: SlackMessenger
) -> None:
    """The key in the metadata is how a lost answer is told from a lost message."""
    for kind in NOTICES.keys() - {"pack", "chart"}:
        message = outgoing(kind, key=f"{kind}:1")
        assert await messenger.find(message) is None
        delivered = await messenger.deliver(message)
        assert await messenger.find(message) == delivered
        assert await messenger.find(replace(message, key=f"{kind}:2")) is None


async def test_a_reminder_hangs_under_the_card_and_shows_in_the_channel(
    slack: Slack, store: SqlStore, messenger: SlackMessenger
) -> None:
    ts = await with_card(slack, store)
    message = outgoing("reminder")
    delivered = await messenger.deliver(message)
    posted = slack.delivered("post")[-1]
    assert posted["thread_ts"] == ts
    assert "Open the card" in str(posted["blocks"])
    assert await messenger.find(message) == delivered


async def test_a_reminder_that_asks_the_whole_channel_is_in_no_thread(
    slack: Slack, store: SqlStore, messenger: SlackMessenger
) -> None:
    await with_card(slack, store)
    asked = replace(NOTICES["reminder"], step=Step.CHANNEL)  # type: ignore[type-var]
    message = replace(outgoing("reminder"), payload=dump(asked))
    delivered = await messenger.deliver(message)
    posted = slack.delivered("post")[-1]
    assert not posted.get("thread_ts")
    assert "Everybody here: what is in the way?" in posted["text"]
    assert await messenger.find(message) == delivered


async def test_a_reminder_is_found_under_a_card_that_has_moved_since(
    slack: Slack, store: SqlStore, messenger: SlackMessenger
) -> None:
    """Not shown in the channel, and under the old card: still found."""
    notice = replace(NOTICES["reminder"], lines=(), mentions=(), ready=False)  # type: ignore[type-var]
    message = replace(outgoing("reminder"), payload=dump(notice))
    await with_card(slack, store)
    delivered = await messenger.deliver(message)
    await with_card(slack, store)
    assert await messenger.find(message) == delivered


async def test_a_reminder_under_a_deleted_card_is_posted_without_it(
    slack: Slack, store: SqlStore, messenger: SlackMessenger
) -> None:
    ts = await with_card(slack, store)
    await slack.client.chat_delete(channel=ACME, ts=ts)
    delivered = await messenger.deliver(outgoing("reminder"))
    assert delivered.ts
    assert await messenger.find(outgoing("reminder")) == delivered


async def test_the_pack_waits_for_its_summary_and_hangs_under_it(
    slack: Slack, store: SqlStore, messenger: SlackMessenger
) -> None:
    """A file carries no metadata: its name in the thread is what it is found by."""
    content = base64.b64encode(b"a workbook").decode()
    notice = PackNotice("Acme", "acme", 7, "handoff:7", "acme.xlsx", content)
    pack = Outgoing("handoff:7:pack", "pack", SUPPORT, dump(notice), 7)
    with pytest.raises(UndeliverableError, match="doesn't exist"):
        await messenger.deliver(pack)
    parent = outgoing("handoff", SUPPORT, "handoff:7")
    async with store.transaction() as tx:
        await tx.outbox.add(parent, START)
    with pytest.raises(RetryLaterError, match="comes first"):
        await messenger.deliver(pack)
    sent = await messenger.deliver(parent)
    async with store.transaction() as tx:
        (claimed,) = await tx.outbox.claim(START, "me", START - START.replace(hour=0), 5)
        await tx.outbox.sent(claimed.id, "me", sent.ts, START)
    assert await messenger.find(pack) is None
    await messenger.deliver(pack)
    (file,) = slack.server.state.files.values()
    assert (file.name, file.content) == ("acme.xlsx", b"a workbook")
    found = await messenger.find(pack)
    assert found is not None
    replies = await slack.client.conversations_replies(channel=SUPPORT, ts=sent.ts)
    assert found.ts == replies["messages"][-1]["ts"]


async def test_the_digests_picture_hangs_under_it_with_its_numbers_in_words(
    slack: Slack, store: SqlStore, messenger: SlackMessenger
) -> None:
    """Alt text for who cannot see it; after a lost answer it is found, and not sent again."""
    said = "Customers by stage: 3 preparing, 1 stuck."
    notice = ChartNotice("digest:w", "w.png", said, said, base64.b64encode(b"PNG").decode())
    chart = Outgoing("digest:w:chart", "chart", SUPPORT, dump(notice))
    async with store.transaction() as tx:
        await tx.outbox.add(
            replace(outgoing("digest", SUPPORT, "digest:w"), customer_id=None), START
        )
        (claimed,) = await tx.outbox.claim(START, "me", START - START.replace(hour=0), 5)
    sent = await messenger.deliver(claimed)
    async with store.transaction() as tx:
        await tx.outbox.sent(claimed.id, "me", sent.ts, START)
    assert await messenger.find(chart) is None
    await messenger.deliver(chart)
    assert await messenger.find(chart) is not None
    replies = await slack.client.conversations_replies(channel=SUPPORT, ts=sent.ts)
    (file,) = replies["messages"][-1]["files"]
    assert (file["title"], file["alt_txt"], file["mimetype"]) == (said, said, "image/png")


async def test_a_place_that_cannot_be_reached_parks_the_message(messenger: SlackMessenger) -> None:
    places = {"C0NOWHERE": "channel_not_found", GENERAL: "not_in_channel", OLD: "is_archived"}
    for channel, reason in places.items():
        with pytest.raises(UndeliverableError, match=reason):
            await messenger.deliver(outgoing("accepted", channel))


async def test_an_unknown_form_parks_the_message(messenger: SlackMessenger) -> None:
    with pytest.raises(UndeliverableError, match="doesn't know"):
        await messenger.deliver(replace(outgoing("accepted"), payload='{"kind":"future"}'))


async def test_slow_down_is_a_delay_of_slacks_own_length(
    slack: Slack, messenger: SlackMessenger
) -> None:
    """Retry-After delays a message and never loses it."""
    slack.server.limits.enabled = True
    for n in range(3):
        await messenger.deliver(outgoing("accepted", key=f"k:{n}"))
    with pytest.raises(RetryLaterError) as caught:
        await messenger.deliver(outgoing("accepted", key="k:4"))
    assert caught.value.seconds >= 1


async def test_nobody_at_the_other_end_is_certainly_not_posted(store: SqlStore) -> None:
    client = AsyncWebClient("xoxb-none", base_url="http://127.0.0.1:1/api/")
    messenger = SlackMessenger(client, store, SupportIdentity())
    with pytest.raises(RetryLaterError):
        await messenger.deliver(outgoing("accepted"))
    with pytest.raises(RetryLaterError):
        await messenger.find(outgoing("accepted"))


TROUBLES: list[dict[str, Any]] = [
    {"kind": "truncate"},
    {"kind": "reset"},
    {"kind": "html200"},
    {"kind": "status", "status": 500},
    {"kind": "xml", "status": 503},
    {"kind": "body", "body": {"ok": False, "error": "internal_error"}},
]


async def test_a_lost_answer_is_uncertain_and_asked_once(store: SqlStore) -> None:
    """slack_sdk would repeat the call after a dropped connection; this client does not."""
    found = {}
    async with running() as slack:
        messenger = SlackMessenger(slack.client, store, SupportIdentity())
        for trouble in TROUBLES:
            before = len(slack.delivered("post"))
            await fault(slack, trouble)
            try:
                await messenger.deliver(outgoing("accepted"))
                ended: type[Exception] | None = None
            except (RetryLaterError, UncertainDeliveryError, UndeliverableError) as error:
                ended = type(error)
            found[trouble["kind"]] = ended, len(slack.delivered("post")) - before
    kinds = [trouble["kind"] for trouble in TROUBLES]
    assert found == {kind: (UncertainDeliveryError, kind == "truncate") for kind in kinds}


async def test_a_look_alike_without_metadata_gets_the_message_without_its_key(
    slack: Slack, messenger: SlackMessenger
) -> None:
    """Slack itself takes metadata; people on another server still get what was sent to them."""
    body = {"ok": False, "error": "not_implemented"}
    await fault(slack, {"kind": "body", "status": 501, "body": body})
    delivered = await messenger.deliver(outgoing("accepted"))
    assert [one["ts"] for one in slack.delivered("post")] == [delivered.ts]


async def test_what_was_posted_before_its_answer_was_cut_off_is_found(store: SqlStore) -> None:
    async with running() as slack:
        messenger = SlackMessenger(slack.client, store, SupportIdentity())
        await fault(slack, {"kind": "truncate"})
        with pytest.raises(UncertainDeliveryError):
            await messenger.deliver(outgoing("accepted"))
        found = await messenger.find(outgoing("accepted"))
        assert found is not None
        assert found.ts == slack.delivered("post")[0]["ts"]


async def test_a_revoked_token_is_for_the_operator_and_loses_nothing(
    slack: Slack, messenger: SlackMessenger
) -> None:
    for token in slack.server.state.tokens.values():
        token.active = False
    with pytest.raises(RetryLaterError) as caught:
        await messenger.deliver(outgoing("accepted"))
    assert caught.value.seconds >= 60


async def test_a_time_out_is_uncertain() -> None:
    with pytest.raises(UncertainDeliveryError):
        async with delivering():
            raise TimeoutError


async def fault(slack: Slack, trouble: dict[str, Any]) -> None:
    """The next ``chat.postMessage`` goes wrong."""
    rule = {"match": {"path": "chat.postMessage"}, "fault": trouble}
    answer = await slack.http.post("/_world/faults", json=rule)
    assert answer.status_code == 200, answer.text
