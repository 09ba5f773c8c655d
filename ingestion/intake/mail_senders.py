"""Who sent a mail: the unit whose listed mailbox it comes from, where our own mail server verified that it does.

Anybody can write any address into a mail. DKIM or SPF must have passed for the very domain of the From address, and our
own server must say so: of the Authentication-Results headers (RFC 8601) the topmost with its authserv-id counts, and
that server must remove those with its id that come from outside.
"""

from dataclasses import dataclass
from email.message import EmailMessage

from authres import AuthenticationResultsHeader, AuthResError

from warehouse.reference.csv_rows import read_rows
from warehouse.reference.reference_data import Reference, plan_folder

PASSED_FOR = {"dkim": ("header", "d"), "spf": ("smtp", "mailfrom")}
"""method -> type and name of the property that says for whom it passed"""
AUTOMATIC = ("bulk", "junk", "list", "auto_reply")
SAID_BY_PROGRAMS = ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond")
"""headers of programs that do not know Auto-Submitted"""


@dataclass(frozen=True)
class Sender:
    """The From address of a mail, and the unit that it is trusted to be of."""

    address: str
    """in lower case; empty where there is none, or several"""
    unit_code: str | None = None
    doubt: str | None = None
    """why a person must decide: not_listed, several_units, not_verified"""


def unit_mailboxes() -> dict[str, str]:
    """unit_uid -> mailbox, of units that have one."""
    rows = read_rows(plan_folder() / "unit_mailboxes.csv", may_be_empty=True)
    return {row["unit_uid"]: row["mailbox"] for row in rows if row["mailbox"]}


def sender_of(mail: EmailMessage, authserv_id: str | None, reference: Reference) -> Sender:
    """Who sent a mail. Without an authserv_id none is verified."""
    headers = mail.get_all("From", [])
    addresses = [each for header in headers for each in header.addresses]
    if len(headers) != 1 or len(addresses) != 1:
        return Sender("", doubt="not_listed")
    address = addresses[0].addr_spec.lower()
    mailboxes = unit_mailboxes()
    codes = {unit.code for unit in reference.roster.values() if mailboxes.get(unit.uid, "").lower() == address}
    if not codes:
        return Sender(address, doubt="not_listed")
    if not is_verified(mail, address, authserv_id):
        return Sender(address, doubt="not_verified")
    return Sender(address, *codes) if len(codes) == 1 else Sender(address, doubt="several_units")


def is_verified(mail: EmailMessage, address: str, authserv_id: str | None) -> bool:
    """Whether DKIM or SPF passed for the domain of an address, as our own mail server says."""
    domain = address.rpartition("@")[2]
    for name, value in mail.raw_items():  # as written: decoded words of a sender could look like a result
        if name.lower() != "authentication-results":
            continue
        try:
            found = AuthenticationResultsHeader.parse(f"Authentication-Results: {' '.join(str(value).split())}")
        except AuthResError:
            return False  # it may be our own server's: one below it is somebody else's
        if authserv_id and (found.authserv_id or "").lower() == authserv_id.lower():
            return any(_passed_for(each) in (domain, address) for each in found.results if each.result == "pass")
    return False


def is_automatic(mail: EmailMessage) -> bool:
    """Whether a program sent a mail by itself: an answer in absence, a receipt, a report of non-delivery, a list."""
    return (
        mail.get_content_type() == "multipart/report"
        or any(name in mail for name in SAID_BY_PROGRAMS)
        or str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower() != "no"
        or str(mail.get("Precedence", "")).strip().lower() in AUTOMATIC
        or str(mail.get("Return-Path", "")).strip() == "<>"
    )


def thanks_for_answer(mail: EmailMessage) -> bool:
    """Whether a mail is no more than a reply to an answer of ours: nothing is attached."""
    replied_to = f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}"
    return "<answer-" in replied_to and not any(part.get_filename() for part in mail.walk())


def _passed_for(result) -> str | None:
    """The domain or address for which a method passed, in lower case."""
    wanted = PASSED_FOR.get(result.method)
    named = [each.value for each in result.properties if (each.type, each.name) == wanted]
    return named[0].lower() if len(named) == 1 else None
