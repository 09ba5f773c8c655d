"""What waits for people of the Union, and the notices about it: each kind of matter is a function of MATTERS."""

import logging
from collections.abc import Callable
from datetime import datetime

import psycopg

from htx.editions.waiting import papers_waiting
from htx.mail import notices
from htx.mail.notices import Notice, Waiting
from htx.operations import overdue
from htx.operations.certificates import credentials_waiting
from htx.operations.places import Places
from htx.operations.runs import runs_waiting
from warehouse.build.builds import require_no_other_builders
from warehouse.migrations import open_warehouse
from warehouse.reference.reference_data import Reference, plan_folder, read_reference

Matter = Callable[[psycopg.Connection, Reference, Places, datetime], list[Waiting]]
MATTERS: tuple[Matter, ...] = (
    papers_waiting,
    runs_waiting,
    overdue.inbox_overdue,
    overdue.build_overdue,
    overdue.registry_overdue,
    overdue.backup_overdue,
    overdue.rehearsal_overdue,
    overdue.gates_refused,
    overdue.mails_waiting,
    overdue.answers_undelivered,
    credentials_waiting,
)

log = logging.getLogger(__name__)


class MattersUnknown(Exception):
    """Whether something waits could not be found out, of some kinds of matter; the message names them."""


def list_notices(warehouse_url: str, at: datetime, places: Places | None = None) -> list[Notice]:
    """The notices whose day has come at an instant, sent before or not. Kinds of matter that cannot be looked up are
    logged."""
    with open_warehouse(warehouse_url) as connection:
        return _notices(connection, places or Places(), at)[0]


def notify(warehouse_url: str, at: datetime, outbox_url: str, places: Places | None = None) -> dict[str, int]:
    """Send the notices that are due; {sent}. Idempotent: none is sent twice.

    A kind of matter that cannot be looked up delays no other: MattersUnknown is raised at the end. Raises MailRefused,
    BuildForbidden."""
    places = places or Places()
    with open_warehouse(warehouse_url) as connection:
        due, unknown = _notices(connection, places, at)
        sent = notices.send(connection, due, at, outbox_url, places.smtp_url, places.airflow_url)
    if unknown:
        raise MattersUnknown(f"{sent} notices were sent; these could not be looked up: {'; '.join(unknown)}")
    return {"sent": sent}


def look(
    connection: psycopg.Connection, reference: Reference, places: Places, at: datetime
) -> tuple[list[Waiting], list[str]]:
    """What waits at an instant, and why some kinds of matter are unknown."""
    waiting: list[Waiting] = []
    unknown = []
    for matter in MATTERS:
        try:
            with connection.transaction():
                waiting += matter(connection, reference, places, at)
        except Exception as error:  # of a storage, of Airflow's database: anything
            log.warning("%s cannot be looked up: %s", matter.__name__, error, exc_info=True)
            unknown.append(f"{matter.__name__}: {error}")
    return waiting, unknown


def _notices(connection: psycopg.Connection, places: Places, at: datetime) -> tuple[list[Notice], list[str]]:
    """Notices that are due, and why some matters are unknown."""
    require_no_other_builders(connection)
    reference = read_reference(plan_folder())
    waiting, unknown = look(connection, reference, places, at)
    return notices.notices(connection, reference, waiting, at), unknown
