"""Sends hand-off e-mails by SMTP, each with a Message-ID that stays the same on every attempt.

SMTP has no way to ask whether a message arrived. When an answer was lost the message is sent
again under the same Message-ID, by which mail systems drop the second one.
"""

import asyncio
import base64
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from bot.services.notices import HandoffNotice, load
from bot.services.ports import Delivered, Outgoing, RetryLaterError, UndeliverableError

TIMEOUT_S = 20
SUBMISSION_PORT = 587
TLS_PORT = 465
RETRY_S = 60.0


class MailError(Exception):
    """The mail server did not take the message; nothing was sent."""


class MailRefusedError(MailError):
    """The mail server will never take this message (5xx)."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of an e-mail; ``kind`` is its MIME type."""

    name: str
    content: bytes
    kind: str


class Mailer:
    """A mail server by URL: ``smtp://user:password@host:587`` or ``smtps://host``.

    Raises:
        ValueError: the URL names no host, or another protocol.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("write it like smtp://user:password@host:587")
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = parts.port or (TLS_PORT if self._tls else SUBMISSION_PORT)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender

    async def send(
        self, to: str, subject: str, text: str, key: str, attachments: tuple[Attachment, ...] = ()
    ) -> str:
        """Send one message; its Message-ID, made from ``key``, is returned.

        A repeated attempt carries the same Message-ID, by which mail systems drop the second.

        Raises:
            MailRefusedError: the server refused for good.
            MailError: it could not be reached or refused for now.
        """
        message = self._compose(to, subject, text, key, attachments)
        try:
            await asyncio.to_thread(self._deliver, message)
        except smtplib.SMTPRecipientsRefused as error:
            raise MailRefusedError(f"the mail server refuses {to}") from error
        except smtplib.SMTPResponseException as error:
            kind = MailRefusedError if error.smtp_code >= 500 else MailError
            raise kind(f"the mail server answered {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailError(f"the mail server can't be reached: {type(error).__name__}") from error
        return str(message["Message-ID"])

    def _compose(
        self, to: str, subject: str, text: str, key: str, attachments: tuple[Attachment, ...]
    ) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = to
        message["Subject"] = " ".join(subject.split())
        domain = self._sender.rpartition("@")[2].rstrip(">") or "localhost"
        safe = "".join(c if c.isalnum() else "." for c in key)
        message["Message-ID"] = f"<{safe}@{domain}>"
        message.set_content(text)
        for attachment in attachments:
            main, _, sub = attachment.kind.partition("/")
            message.add_attachment(
                attachment.content, maintype=main, subtype=sub, filename=attachment.name
            )
        return message

    def _deliver(self, message: EmailMessage) -> None:
        connect = smtplib.SMTP_SSL if self._tls else smtplib.SMTP
        with connect(self._host, self._port, timeout=TIMEOUT_S) as server:
            server.ehlo()
            if not self._tls and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if self._user:
                server.login(self._user, self._password)
            server.send_message(message)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _pack(notice: HandoffNotice) -> tuple[Attachment, ...]:
    """The evidence pack; a row that an older version queued has none."""
    if not notice.pack_base64:
        return ()
    return (Attachment(notice.pack_name, base64.b64decode(notice.pack_base64), XLSX),)


class MailMessenger:
    """Delivers the outbox's ``mailto:`` messages; implements ``ports.Messenger``."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def deliver(self, message: Outgoing) -> Delivered:
        """Send a hand-off by e-mail; the Message-ID is what is recorded.

        Raises:
            RetryLaterError: the server could not be reached or refused for now.
            UndeliverableError: it refused for good.
        """
        notice = load(message.payload)
        if not isinstance(notice, HandoffNotice):
            raise UndeliverableError(f"a {notice.kind} notice doesn't go by e-mail")
        to = message.channel.removeprefix("mailto:")
        subject = f"{notice.customer} is ready for OneCore"
        try:
            sent = await self._mailer.send(
                to, subject, handoff_text(notice), message.key, _pack(notice)
            )
        except MailRefusedError as error:
            raise UndeliverableError(str(error)) from error
        except MailError as error:
            raise RetryLaterError(str(error), RETRY_S) from error
        return Delivered(message.channel, sent)

    async def find(self, message: Outgoing) -> Delivered | None:  # noqa: ARG002 - the port's shape.
        """Nothing can be looked up; the stable Message-ID makes the second copy vanish."""
        return None


def handoff_text(notice: HandoffNotice) -> str:
    """The hand-off as plain text."""
    when = f"{notice.at.astimezone(ZoneInfo(notice.timezone)):%d %b %Y %H:%M %Z}"
    lines = [
        f"{notice.customer} was handed over on {when}.",
        "",
        (
            f"{notice.required_met} of {notice.required_total} required: {notice.verified} "
            f"verified live, {notice.attested} attested, {notice.waived} waived. "
            f"Gate: {notice.gate}."
        ),
        *notice.systems,
        "",
        *(f"- {line.title}: {line.status}. {line.summary}" for line in notice.lines),
    ]
    if notice.risks:
        lines += ["", "Risks:", *(f"- {line.title}: {line.summary}" for line in notice.risks)]
    lines += ["", "The evidence pack is attached; Accept and Send back are in the support channel."]
    return "\n".join(lines)
