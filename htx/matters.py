"""What waits for people of the Union, and the notices about it: each kind of matter is a function of MATTERS."""

from collections.abc import Callable
from datetime import datetime

import psycopg

from htx.editions.waiting import papers_waiting
from htx.mail import notices
from htx.mail.notices import Notice, Waiting
from warehouse.build.builds import require_no_other_builders
from warehouse.migrations import open_warehouse
from warehouse.reference.reference_data import plan_folder, read_reference

MATTERS: tuple[Callable[[psycopg.Connection], list[Waiting]], ...] = (papers_waiting,)


def list_notices(warehouse_url: str, at: datetime) -> list[Notice]:
    """The notices whose day has come at an instant, sent before or not."""
    with open_warehouse(warehouse_url) as connection:
        return _notices(connection, at)


def notify(
    warehouse_url: str, at: datetime, outbox_url: str, smtp_url: str | None = None, airflow_url: str | None = None
) -> dict[str, int]:
    """Send the notices that are due; {sent}. Idempotent: none is sent twice. Raises MailRefused, BuildForbidden."""
    with open_warehouse(warehouse_url) as connection:
        return {"sent": notices.send(connection, _notices(connection, at), at, outbox_url, smtp_url, airflow_url)}


def _notices(connection: psycopg.Connection, at: datetime) -> list[Notice]:
    require_no_other_builders(connection)
    waiting = [each for matter in MATTERS for each in matter(connection)]
    return notices.notices(connection, read_reference(plan_folder()), waiting, at)
