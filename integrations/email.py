"""Sends hand-off e-mails by SMTP, each with a Message-ID that stays the same on every attempt."""

import asyncio
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

TIMEOUT_S = 20
SUBMISSION_PORT = 587
TLS_PORT = 465


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
            if not self._tls and server.has_extn("starttls"):
                server.starttls()
                server.ehlo()
            if self._user:
                server.login(self._user, self._password)
            server.send_message(message)
