"""Delivery of messages to offices: by SMTP where a server is set, else as .eml files in the outbox.

The sender derives the id of a message from its subject matter: sent again after a crash, it has the same Message-ID, or
replaces its own file.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from email.utils import format_datetime
from functools import partial
from urllib.parse import parse_qs, unquote, urlsplit

import fsspec

PORTS = {"smtp": 25, "smtps": 465}
SMTP_TIMEOUT_SECONDS = 30
SENDER = "htx-warehouse@hlhpn.binhphuoc.example"  # where SMTP_URL names none: smtp://...?from=ADDRESS
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


class MailRefused(Exception):
    """The mail server rejected a message, or did not answer; the text says why."""


class AddressInvalid(MailRefused):
    """What should be an address of e-mail is none: of this message alone."""


@dataclass(frozen=True)
class Message:
    """A message to one or several mailboxes of an office."""

    to: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    """Letters, digits, - and _; unique to the message: `publication-P-12AB-CENTRAL_UNION`."""
    folder: str
    """The folder of the outbox, where there is no mail server: the code of a unit or recipient."""
    sent_at: datetime
    """By the clock of the caller; the Date of the message."""
    attachments: tuple[tuple[str, bytes, str], ...] = ()
    """(file name, content, MIME type) each."""
    auto_submitted: str = "auto-generated"
    """RFC 3834: so that no program answers it; auto-replied of an answer"""


def deliver(messages: Sequence[Message], smtp_url: str | None, outbox_url: str) -> list[str]:
    """Send messages in order; where each went: `smtp://host:port`, or the path of its file in the outbox.

    `smtp_url`: smtp://user:password@host:port (with STARTTLS where the server offers it), smtps://..., either with
    ?from=ADDRESS; without it each message becomes OUTBOX_URL/<folder>/mail/<message_id>.eml. The server's certificate
    is verified, by SSL_CERT_FILE where it is set. Raises MailRefused; the messages before the refused one were sent."""
    if not messages:
        return []
    if not smtp_url:
        return [_file(each, outbox_url) for each in messages]
    address = urlsplit(smtp_url)
    if address.scheme not in PORTS:
        raise MailRefused(f"SMTP_URL must begin with smtp:// or smtps://, not with {address.scheme!r}.")
    sender = parse_qs(address.query).get("from", [SENDER])[0]
    place = f"{address.scheme}://{address.hostname}:{address.port or PORTS[address.scheme]}"
    try:
        with _server(smtp_url) as server:
            for each in messages:
                server.send_message(as_mail(each, sender))
    except (OSError, smtplib.SMTPException) as error:
        raise MailRefused(f"{place} did not accept a message: {error}") from error
    return [place] * len(messages)


def as_mail(message: Message, sender: str = SENDER) -> EmailMessage:
    """The message in the format of e-mail. Raises AddressInvalid."""
    mail = EmailMessage(policy=CRLF)
    mail["From"] = sender
    try:
        mail["To"] = [Address(addr_spec=each) for each in message.to if each]
    except (ValueError, IndexError, HeaderParseError) as error:
        raise AddressInvalid(f"{', '.join(message.to)} is no address of e-mail: correct it in the plan.") from error
    # EmailMessage loses a blank where it breaks a line between two encoded words
    mail.set_raw("Subject", Header(message.subject, "utf-8", header_name="Subject").encode())
    mail["Date"] = format_datetime(message.sent_at)
    mail["Auto-Submitted"] = message.auto_submitted
    mail["Message-ID"] = f"<{_safe(message.message_id)}@{sender.rpartition('@')[2]}>"
    mail.set_content(message.text)
    for name, content, mime in message.attachments:
        kind, _, detail = mime.partition("/")
        mail.add_attachment(content, maintype=kind, subtype=detail, filename=name)
    return mail


def path_of(message: Message) -> str:
    """The path of the message below the outbox."""
    return f"{_safe(message.folder)}/mail/{_safe(message.message_id)}.eml"


def _file(message: Message, outbox_url: str) -> str:
    storage, root = fsspec.core.url_to_fs(outbox_url)
    path = path_of(message)
    target = f"{root.rstrip('/')}/{path}"
    storage.makedirs(target.rpartition("/")[0], exist_ok=True)
    storage.pipe_file(target, as_mail(message).as_bytes())
    return path


@contextmanager
def _server(smtp_url: str) -> Iterator[smtplib.SMTP]:
    address = urlsplit(smtp_url)
    certified = ssl.create_default_context()  # smtplib's own accepts any certificate
    connect = partial(smtplib.SMTP_SSL, context=certified) if address.scheme == "smtps" else smtplib.SMTP
    with connect(address.hostname or "", address.port or PORTS[address.scheme], timeout=SMTP_TIMEOUT_SECONDS) as server:
        server.ehlo()
        if address.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=certified)
            server.ehlo()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        yield server


def _safe(name: str) -> str:
    return UNSAFE.sub("_", name)[:200] or "_"
