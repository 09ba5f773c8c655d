"""What a deployment can get wrong, looked at before anything starts: folders, secrets, drivers, the warehouse."""

import os
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import fsspec
import sqlalchemy

from htx import environment
from warehouse.connection import WarehouseUnreachable, connect
from warehouse.reference.reference_data import plan_folder


class Fault(Exception):
    """Something that cannot work; the message is a sentence with the remedy."""


WRITTEN: dict[str, Callable[[], str]] = {
    "HTX_HOME": lambda: environment.home().as_uri(),
    "OUTBOX_URL": environment.outbox_url,
    "REPORTS_URL": environment.reports_url,
    "BACKUP_URL": environment.backup_url,
}


def faults() -> Iterator[str]:
    """A sentence for each thing that cannot work, with the remedy; none where all can."""
    yield from _of_plan()
    for name, url in WRITTEN.items():
        yield from _of_setting(name, partial(_write_to, name, url))
    yield from _of_setting("INBOX_URL", _read_inbox)
    yield from _of_setting("REGISTRY_URL", _load_driver)
    yield from _of_setting("MAILBOX_URL", lambda: environment.mailbox_url())
    yield from _of_setting("SMTP_URL", lambda: environment.smtp_url())
    yield from _of_setting("AIRFLOW_DATABASE_URL", lambda: environment.airflow_database_url())
    if not environment.has_own_server():
        yield from _of_setting("WAREHOUSE_URL", lambda: connect(environment.warehouse_url()).close())


def _of_plan() -> Iterator[str]:
    if not (plan_folder() / "targets.csv").is_file():
        yield f"{plan_folder()} (HTX_PLAN) holds no targets.csv: name or mount the folder of the plan's CSV files."


def _of_setting(name: str, use: Callable[[], object]) -> Iterator[str]:
    try:
        use()
    except Fault as fault:
        yield str(fault)
    except ImportError as error:
        yield f"{name} needs a driver that is not installed: {error}."
    except (ValueError, WarehouseUnreachable, sqlalchemy.exc.ArgumentError) as error:
        yield f"{name}: {error}"
    except OSError as error:  # of the file with its value
        yield f"{error.filename} ({name}_FILE) cannot be read by user {os.geteuid()}: {error.strerror}."


def _write_to(name: str, url: Callable[[], str]) -> None:
    _write(name, url())


def _write(name: str, url: str) -> None:
    """Write a file into a folder, and delete it. Raises Fault."""
    storage, folder = fsspec.core.url_to_fs(url)
    file = f"{folder.rstrip('/')}/.htx-preflight-{secrets.token_hex(4)}"
    try:
        storage.makedirs(folder, exist_ok=True)
        storage.pipe_file(file, b"")
        storage.rm_file(file)
    except OSError as error:
        raise _fault(folder, name, "written", error) from error


def _read_inbox() -> None:
    """List the inbox; where mails are put into it, and where it is ours, write too. Raises Fault."""
    storage, folder = fsspec.core.url_to_fs(environment.inbox_url())
    if environment.mailbox_url() or Path(folder).is_relative_to(environment.home()):
        _write("INBOX_URL", environment.inbox_url())
    try:
        storage.ls(folder)
    except OSError as error:
        raise _fault(folder, "INBOX_URL", "read", error) from error


def _load_driver() -> None:
    sqlalchemy.create_engine(environment.registry_url()).dispose()


def _fault(folder: str, name: str, done: str, error: OSError) -> Fault:
    user = os.geteuid()
    return Fault(
        f"{folder} ({name}) cannot be {done} by user {user}: {error.strerror or error}. Let root run `chown {user}"
        f" {folder}`; of a container, on its host, with the folder that is mounted there."
    )
