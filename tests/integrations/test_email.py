"""Hand-offs by e-mail, sent to a mail server that we did not write (aiosmtpd)."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.services.notices import AcceptedNotice, HandoffNotice, Line, dump
from bot.services.ports import Outgoing, RetryLaterError, UndeliverableError
from integrations.email import Mailer, MailMessenger

NOTICE = HandoffNotice(
    customer="Acme Constructions\nBcc: everybody@example.com",
    slug="acme",
    customer_id=1,
    by="U0CASEY",
    at=datetime(2026, 11, 24, 3, 10, tzinfo=UTC),
    timezone="Australia/Sydney",
    gate="ready with risks",
    required_met=5,
    required_total=5,
    verified=3,
    attested=2,
    waived=0,
    lines=(Line("cost-code-coverage", "Cost codes", "All 130 matched.", "verified"),),
    risks=(Line("procore-duplicate-vendors", "Vendors", "2 groups.", "unmet"),),
    systems=("Procore 8089", 'QuickBooks 4620 "Acme"'),
    days_from_start=11,
    channel_id="C0ACME",
    pack_name="acme-handoff-2026-11-24.xlsx",
)
OUTGOING = Outgoing("handoff:1:2026:mail", "handoff", "mailto:support@example.com", dump(NOTICE))


class Box:
    """What the server took; ``answer`` is what it says to the next message."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name.
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answer.startswith("250"):
            self.taken.append(envelope.content)
        return self.answer


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def port(box: Box, unused_tcp_port: int) -> Iterator[int]:
    controller = Controller(box, hostname="127.0.0.1", port=unused_tcp_port)
    controller.start()
    yield unused_tcp_port
    controller.stop()


def messenger(port: int) -> MailMessenger:
    return MailMessenger(Mailer(f"smtp://127.0.0.1:{port}", "OneCore <bot@interfy.example>"))


async def test_a_hand_off_arrives_readable_with_the_local_time(box: Box, port: int):
    await messenger(port).deliver(OUTGOING)
    message = message_from_bytes(box.taken[0], policy=default)
    assert message["To"] == "support@example.com"
    assert message["Subject"].startswith("Acme Constructions Bcc")
    assert message["Bcc"] is None, "a name can't add a header"
    text = message.get_content()
    assert "24 Nov 2026 14:10 AEDT" in text
    assert "5 of 5 required: 3 verified live, 2 attested, 0 waived" in text
    assert "Vendors: 2 groups." in text


async def test_the_pack_is_attached_as_a_workbook(box: Box, port: int):
    packed = replace(NOTICE, pack_base64=base64.b64encode(b"PK a workbook").decode())
    await messenger(port).deliver(replace(OUTGOING, payload=dump(packed)))
    (file,) = message_from_bytes(box.taken[0], policy=default).iter_attachments()
    assert file.get_filename() == "acme-handoff-2026-11-24.xlsx"
    assert file.get_content_type().endswith("spreadsheetml.sheet")
    assert file.get_content() == b"PK a workbook"


async def test_every_attempt_carries_the_same_message_id(box: Box, port: int):
    first = await messenger(port).deliver(OUTGOING)
    again = await messenger(port).deliver(OUTGOING)
    ids = {message_from_bytes(one)["Message-ID"] for one in box.taken}
    assert ids == {first.ts} == {again.ts}


async def test_a_busy_server_is_tried_again(box: Box, port: int):
    box.answer = "451 try later"
    with pytest.raises(RetryLaterError, match="451"):
        await messenger(port).deliver(OUTGOING)


async def test_a_refusing_server_is_not(box: Box, port: int):
    box.answer = "554 never"
    with pytest.raises(UndeliverableError, match="554"):
        await messenger(port).deliver(OUTGOING)


async def test_a_server_that_is_away_is_tried_again(unused_tcp_port: int):
    with pytest.raises(RetryLaterError, match="can't be reached"):
        await messenger(unused_tcp_port).deliver(OUTGOING)


async def test_only_hand_offs_go_by_mail(port: int):
    other = Outgoing("k", "accepted", "mailto:x@y", dump(AcceptedNotice("A", "a", 1, "U")))
    with pytest.raises(UndeliverableError, match="accepted notice"):
        await messenger(port).deliver(other)


@pytest.mark.parametrize("url", ["", "http://host", "smtp://"])
def test_a_malformed_address_is_refused_at_once(url: str):
    with pytest.raises(ValueError, match="smtp://user:password@host:587"):
        Mailer(url, "bot@interfy.example")
