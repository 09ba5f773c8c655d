"""The mailbox beside the inbox: workbooks that units mail become files in their folders of the inbox.

A mail stays as it is: its folder is opened to be read only. It is read once (raw.mails, by UIDVALIDITY and UID). What
comes from a unit's listed mailbox, as our own mail server verified, counts as received when that server received it.
All else with a file waits until a person releases it, and is nowhere in the inbox before.
"""

import email
import hashlib
import imaplib
import logging
import re
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import PurePath
from urllib.parse import parse_qs, unquote, urlsplit

import fsspec
import psycopg
from psycopg.rows import dict_row

from ingestion.intake.inbox import TEMPORARY_ENDS, TEMPORARY_NAMES, kept_url, plain_name, time_of
from ingestion.intake.mail_senders import Sender, is_automatic, sender_of, thanks_for_answer
from ingestion.workbook.limits import LIMITS
from warehouse.reference.reference_data import Reference

PORTS = {"imap": 143, "imaps": 993}
IMAP_TIMEOUT_SECONDS = 60
MOST_MINUTES = 5
"""of one run, for which the files of the inbox wait; the next one goes on"""
SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.IGNORECASE)
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".heic", ".tif", ".tiff")
"""whatever type their sender's program gives them"""
ADDED_BY_PROGRAMS = (".p7s", ".p7m", ".asc", ".vcf", ".ics", ".htm", ".dat")
"""signatures, cards, and what holds the mail once more"""
TEMPORARY_END = re.compile(f"(?:{'|'.join(map(re.escape, TEMPORARY_ENDS))})+$", re.IGNORECASE)
MOST_BYTES = 2 * LIMITS.bytes  # a workbook within its limit, in base64, and a little more
TAKEN, WAITING, AUTOMATIC, WITHOUT_FILE, DISMISSED = "taken", "waiting", "automatic", "without_file", "dismissed"
BELOW_UNIT = "thu-dien-tu"
"""the folder of mailed files below that of a unit"""

# the key lets one of two runs at the same time through
CLAIM = """
    insert into raw.mails (mail_id, mailbox, uid_validity, uid, received_at, sender, state, doubt, unit_code)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing returning mail_id
"""
MAILS = """
    select mail_id, received_at, sender, state, doubt, unit_code from raw.mails
    where %(state)s::text is null or state = %(state)s order by received_at, mail_id
"""
DECIDE = """
    update raw.mails set state = %s, unit_code = %s, decided_by = %s, decided_at = clock_timestamp() where mail_id = %s
"""

log = logging.getLogger(__name__)


class MailboxUnreadable(Exception):
    """The mailbox cannot be reached or read, or its files cannot be written into the inbox; the message says why."""


class ReleaseRefused(Exception):
    """A mail cannot be released or dismissed; the message says why."""


@dataclass(frozen=True)
class _Mail:
    """A mail as its server has it. `content`: None where it is too large, or cannot be read."""

    uid_validity: int
    uid: int
    received_at: datetime
    content: EmailMessage | None


def read_mailbox(
    connection: psycopg.Connection, mailbox_url: str, inbox_url: str, reference: Reference
) -> dict[str, int]:
    """Read the mails that were not read before, for a few minutes; the number of those in each state. Commits each.

    `mailbox_url`: imaps://user:password@host:port/FOLDER?authserv=ID, where ID is the authserv-id of our mail server;
    imap:// with STARTTLS where the server offers it. Raises MailboxUnreadable."""
    counts, until = Counter[str](), time.monotonic() + 60 * MOST_MINUTES
    mailbox, authserv_id = _name(mailbox_url), parse_qs(urlsplit(mailbox_url).query).get("authserv", [None])[0]
    with _opened(mailbox_url) as server:
        validity = _uid_validity(server)
        known = connection.execute(
            "select uid from raw.mails where mailbox = %s and uid_validity = %s", [mailbox, validity]
        )
        read = {uid for (uid,) in known}
        for uid in _uids(server):
            if uid in read:
                continue
            mail = _fetch(server, validity, uid)
            if mail is not None:
                counts[_keep(connection, mailbox, mail, authserv_id, inbox_url, reference)] += 1
            if time.monotonic() > until:
                log.warning("not all mails were read in %d minutes: the next run goes on", MOST_MINUTES)
                break
    return dict(counts)


def mails(connection: psycopg.Connection, state: str | None = None) -> list[dict]:
    """The mails that were read, all or those in a state: mail_id, received_at, sender, state, doubt, unit_code; the
    oldest first."""
    return connection.cursor(row_factory=dict_row).execute(MAILS, {"state": state}).fetchall()


def waiting(connection: psycopg.Connection) -> list[dict]:
    """The mails that wait for a person."""
    return mails(connection, WAITING)


def release(
    connection: psycopg.Connection, mailbox_url: str, inbox_url: str, mail_id: str, unit_code: str, by: str
) -> int:
    """Let the files of a waiting mail into the folder of a unit, as received when the mail was; how many there are.

    Raises ReleaseRefused, and MailboxUnreadable."""
    with connection.transaction():
        validity, uid = _require_waiting(connection, mail_id, by)
        with _opened(mailbox_url) as server:
            mail = _fetch(server, validity, uid) if _uid_validity(server) == validity else None
        files = _files(mail.content) if mail and mail.content else []
        if not mail or not files:
            raise ReleaseRefused(
                f"The mail {mail_id} is no longer in the mailbox, cannot be read, or has no file that may be a report."
                " Load its file, or dismiss it."
            )
        _put(connection, mail_id, mail, files, unit_code, inbox_url)
        connection.execute(DECIDE, [TAKEN, unit_code, by, mail_id])
    return len(files)


def dismiss(connection: psycopg.Connection, mail_id: str, by: str) -> None:
    """Close a waiting mail without its files. Raises ReleaseRefused."""
    with connection.transaction():
        _require_waiting(connection, mail_id, by)
        connection.execute(DECIDE, [DISMISSED, None, by, mail_id])


def _require_waiting(connection: psycopg.Connection, mail_id: str, by: str) -> tuple[int, int]:
    """UIDVALIDITY and UID of a mail that waits."""
    found = connection.execute(
        "select uid_validity, uid from raw.mails where mail_id = %s and state = %s for update", [mail_id, WAITING]
    ).fetchone()
    if not found:
        raise ReleaseRefused(f"No mail {mail_id} waits: `htx mail waiting` lists those that do.")
    if not by.strip():
        raise ReleaseRefused("The name of the person who decides is needed.")
    return found


def _keep(
    connection: psycopg.Connection,
    mailbox: str,
    mail: _Mail,
    authserv_id: str | None,
    inbox_url: str,
    reference: Reference,
) -> str:
    """Record a mail, and put the files of one that is trusted into the inbox; its state."""
    state, sender, files = _judged(mail, authserv_id, reference)
    key = mailbox, mail.uid_validity, mail.uid
    mail_id = f"T-{hashlib.sha256(repr(key).encode()).hexdigest()[:10].upper()}"
    with connection.transaction():
        row = [mail_id, *key, mail.received_at, sender.address, state, sender.doubt, sender.unit_code]
        if not connection.execute(CLAIM, row).fetchone():
            return "read_before"
        if state == TAKEN and sender.unit_code:
            _put(connection, mail_id, mail, files, sender.unit_code, inbox_url)
    connection.commit()
    return state


def _judged(mail: _Mail, authserv_id: str | None, reference: Reference) -> tuple[str, Sender, list[tuple[str, bytes]]]:
    """The state of a mail, its sender and its files."""
    if mail.content is None:
        return WAITING, Sender("", doubt="unreadable"), []
    try:
        sender = sender_of(mail.content, authserv_id, reference)
        if is_automatic(mail.content):
            return AUTOMATIC, sender, []
        files = _files(mail.content)
    except Exception:  # the parser of mails fails on some: that delays no other mail
        log.exception("mail %s cannot be read", mail.uid)
        return WAITING, Sender("", doubt="unreadable"), []
    if not files and sender.doubt in (None, "not_listed"):
        # a unit is answered; of a unit that cannot be, it waits for a person
        return WITHOUT_FILE, replace(sender, unit_code=None) if thanks_for_answer(mail.content) else sender, []
    return (WAITING if sender.doubt else TAKEN), sender, files


def _files(mail: EmailMessage) -> list[tuple[str, bytes]]:
    """Name and bytes of each attached workbook; without one of what else may be meant as a report."""
    attached = []
    for part in mail.walk():
        content, name = part.get_payload(decode=True), _file_name(part.get_filename() or "")
        if name and isinstance(content, bytes) and part.get_content_maintype() not in ("message", "image"):
            attached.append((name, content))
    workbooks = [each for each in attached if _suffix(each) in WORKBOOKS]
    no_report = (*PICTURES, *ADDED_BY_PROGRAMS, *TEMPORARY_NAMES)
    return workbooks or [each for each in attached if not each[0].lower().endswith(no_report)]


def _suffix(file: tuple[str, bytes]) -> str:
    return PurePath(file[0].lower()).suffix


def _put(
    connection: psycopg.Connection,
    mail_id: str,
    mail: _Mail,
    files: list[tuple[str, bytes]],
    unit_code: str,
    inbox_url: str,
) -> None:
    """Write files into the folder of a unit, and record when they count as received."""
    storage, root = fsspec.core.url_to_fs(inbox_url)
    for place, (name, content) in enumerate(files, 1):
        parts = [unit_code, BELOW_UNIT, f"{mail_id}-{place}", name]
        path = "/".join([root.rstrip("/"), *parts])
        try:
            storage.makedirs(path.rpartition("/")[0], exist_ok=True)
            storage.pipe_file(path, content)
        except OSError as error:
            raise MailboxUnreadable(
                f"A file of the mail {mail_id} cannot be written below {storage.unstrip_protocol(root)}: {error}."
                " Give this program the right to write there; the mail is read again."
            ) from error
        connection.execute(
            "insert into raw.mail_files (url, byte_count, mail_id, received_at) values (%s, %s, %s, %s)"
            " on conflict do nothing",
            [kept_url(storage.unstrip_protocol(path), parts), len(content), mail_id, mail.received_at],
        )


def _file_name(name: str) -> str:
    """The name of an attachment as a file that the inbox reads: some names are of temporary files there. Empty where
    there is none."""
    plain = plain_name(name.replace("\\", "/").rpartition("/")[2]).lstrip(".~$ ")
    stem, dot, extension = TEMPORARY_END.sub("", plain).rpartition(".")
    return f"{stem[:100] or 'tep'}{dot}{extension[:10]}" if name else ""


# IMAP


def _name(mailbox_url: str) -> str:
    """The mailbox without its password."""
    address = urlsplit(mailbox_url)
    return f"{unquote(address.username or '')}@{address.hostname}/{_folder(mailbox_url)}"


def _folder(mailbox_url: str) -> str:
    return unquote(urlsplit(mailbox_url).path.strip("/")) or "INBOX"


@contextmanager
def _opened(mailbox_url: str) -> Iterator[imaplib.IMAP4]:
    """The folder of a mailbox, opened to be read only."""
    address = urlsplit(mailbox_url)
    if address.scheme not in PORTS:
        raise MailboxUnreadable(f"MAILBOX_URL must begin with imaps:// or imap://, not with {address.scheme!r}.")
    certified = ssl.create_default_context()  # imaplib's own accepts any certificate
    connect = partial(imaplib.IMAP4_SSL, ssl_context=certified) if address.scheme == "imaps" else imaplib.IMAP4
    try:
        host, port = address.hostname or "", address.port or PORTS[address.scheme]
        server = connect(host, port, timeout=IMAP_TIMEOUT_SECONDS)
        try:
            if address.scheme == "imap" and "STARTTLS" in server.capabilities:
                server.starttls(certified)
            server.login(unquote(address.username or ""), unquote(address.password or ""))
            _done(server.select(f'"{_folder(mailbox_url)}"', readonly=True))
            yield server
        finally:
            with suppress(imaplib.IMAP4.error, OSError):  # of a lost connection, whose first error counts
                server.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxUnreadable(f"The mailbox {_name(mailbox_url)} cannot be read: {error}") from error


def _done(answer: tuple[str, list]) -> list:
    """The data of an answer. Raises imaplib's error where the server refused."""
    status, found = answer
    if status != "OK":
        raise imaplib.IMAP4.error(str(found))
    return found


def _uid_validity(server: imaplib.IMAP4) -> int:
    return int(server.response("UIDVALIDITY")[1][0])


def _uids(server: imaplib.IMAP4) -> list[int]:
    [found] = _done(server.uid("search", "ALL"))
    return sorted(map(int, (found or b"").split()))


def _fetch(server: imaplib.IMAP4, validity: int, uid: int) -> _Mail | None:
    """A mail; None where there is none with this UID, or the server did not give it now."""
    found = _done(server.uid("fetch", str(uid), "(INTERNALDATE RFC822.SIZE)"))
    about = next((each for each in found if each and b"INTERNALDATE" in each.upper()), None)
    if about is None:
        return None
    local, size = imaplib.Internaldate2tuple(about), SIZE.search(about)
    now = datetime.now(UTC)
    received_at = min(time_of(time.mktime(local)), now) if local else now
    if not size or int(size[1]) > MOST_BYTES:
        return _Mail(validity, uid, received_at, None)
    found = _done(server.uid("fetch", str(uid), "(BODY.PEEK[])"))
    content = next((each[1] for each in found if isinstance(each, tuple)), b"")
    if not content:  # as some servers answer when what is behind them does not
        log.warning("the mail %d of %s bytes came without content, and will be read again", uid, size[1].decode())
        return None
    return _Mail(validity, uid, received_at, email.message_from_bytes(content, policy=default))
