"""Certificates and passwords that end: those of servers are read from them, days of passwords are rows of the plan.

A certificate is read without being verified and without a login, so that one that has ended is read too.
"""

import imaplib
import logging
import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

import psycopg
from cryptography import x509

from htx.mail.notices import Waiting
from htx.operations.places import Places, hours_of
from warehouse.reference.csv_rows import read_rows
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference, plan_folder
from warehouse.reference.time_zone import VIET_NAM

PORTS = {"smtp": 25, "smtps": 465, "imap": 143, "imaps": 993, "https": 443}
SECONDS = 10

log = logging.getLogger(__name__)


def credentials_waiting(
    connection: psycopg.Connection, reference: Reference, places: Places, at: datetime
) -> list[Waiting]:
    """One matter of each certificate and password that ends soon, or has ended."""
    before = timedelta(hours=hours_of("credential_ends"))
    found = []
    for cause, name, ends_at in [*_certificates(places), *_passwords()]:
        if ends_at - before <= at:
            state = phrase("operation.ended" if ends_at <= at else "operation.ends_on", day=day_vi(ends_at))
            found.append(places.operation("credential_ends", cause, ends_at - before, [state], name=name))
    return found


def certificate_end(url: str) -> datetime | None:
    """The instant at which the certificate of a server ends; None where it has none, or does not answer.

    `url`: smtps, imaps or https; smtp or imap where the server offers STARTTLS."""
    address = urlsplit(url)
    if address.scheme not in PORTS:
        return None
    try:
        der = _certificate(address.scheme, address.hostname or "", address.port or PORTS[address.scheme])
    except (OSError, smtplib.SMTPException, imaplib.IMAP4.error) as error:
        log.warning("The certificate of %s cannot be read: %s", address.hostname, error)
        return None
    return x509.load_der_x509_certificate(der).not_valid_after_utc if der else None


def _certificates(places: Places) -> Iterator[tuple[str, str, datetime]]:
    """Cause, name and end of the certificate of each server that we know."""
    servers = {
        "smtp": places.smtp_url,
        "mailbox": places.mailbox_url,
        "airflow": places.airflow_url,
        "reports": places.reports_page_url,
    }
    for cause, url in servers.items():
        ends_at = certificate_end(url) if url else None
        if url and ends_at:
            server = f"{phrase(f'operation.server.{cause}')}, {urlsplit(url).hostname}"
            yield f"certificate-{cause}", phrase("operation.certificate", server=server), ends_at


def _passwords() -> Iterator[tuple[str, str, datetime]]:
    """Cause, name and end of each password of password_ends.csv: the end of its last day."""
    for row in read_rows(plan_folder() / "password_ends.csv", may_be_empty=True):
        last = datetime.combine(row.day("ends_on"), time(), VIET_NAM)
        yield f"password-{row['password']}", row["name_vi"], last + timedelta(days=1)


def _certificate(scheme: str, host: str, port: int) -> bytes | None:
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    if scheme == "smtp":
        with smtplib.SMTP(host, port, timeout=SECONDS) as mail:
            mail.ehlo()
            if not mail.has_extn("starttls"):
                return None
            mail.starttls(context=unverified)
            return mail.sock.getpeercert(binary_form=True)  # type: ignore[union-attr]
    if scheme == "imap":
        with imaplib.IMAP4(host, port, timeout=SECONDS) as box:
            if "STARTTLS" not in box.capabilities:
                return None
            box.starttls(unverified)
            return box.sock.getpeercert(binary_form=True)  # type: ignore[attr-defined]
    with socket.create_connection((host, port), timeout=SECONDS) as plain:
        with unverified.wrap_socket(plain, server_hostname=host) as secure:
            return secure.getpeercert(binary_form=True)
