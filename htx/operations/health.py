"""One look at everything: what happened last, what waits for whom, what is overdue, and how full the disks are."""

import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from htx import matters
from htx.backups import storage
from htx.mail import notices, once
from htx.mail.notices import Notice, Waiting
from htx.operations.overdue import LAST_REHEARSAL
from htx.operations.places import MATTER, Places
from warehouse.connection import scalar
from warehouse.migrations import open_warehouse
from warehouse.reference.reference_data import plan_folder, read_reference

EVENTS = "select event, happened_at, what from quality.last_events order by sort_order"
PATIENT = frozenset({"mail_waiting", "answer_undelivered"})
"""steps of operations that are overdue, as those of papers are, once somebody was to be notified again"""
LEAST_FREE = 0.1
"""share of a disk"""


def look(warehouse_url: str, at: datetime, places: Places, local_urls: dict[str, str]) -> dict:
    """What there is to know at an instant, as plain values.

    last: {event: {at, what}}, at None where it never happened; waiting: {step: count}; overdue: a sentence for each
    thing that somebody should have done; unknown: one for each that could not be looked up; disks: {place: free share}
    of those of `local_urls` that are on this machine."""
    reference = read_reference(plan_folder())
    with open_warehouse(warehouse_url) as connection:
        last = {event: {"at": happened, "what": what} for event, happened, what in connection.execute(EVENTS)}
        last["rehearsed"] = {"at": scalar(connection, LAST_REHEARSAL), "what": None}
        waiting, unknown = matters.look(connection, reference, places, at)
        due = notices.notices(connection, reference, waiting, at)
        overdue = [*_overdue(waiting, due), *_not_delivered(connection)]
    last["backed_up"] = _last_backup(places, unknown)
    disks = {name: _free(url) for name, url in local_urls.items()}
    disks_left = {name: free for name, free in disks.items() if free is not None}
    overdue += [f"disk: {free:.0%} free of {name}" for name, free in disks_left.items() if free < LEAST_FREE]
    steps = Counter(each.step for each in waiting)
    return {"last": last, "waiting": dict(steps), "overdue": overdue, "unknown": unknown, "disks": disks_left}


def as_lines(found: dict) -> list[str]:
    """The look for a person: last events, what waits, disks, and at the end what is wrong."""
    lines = []
    for name, each in found["last"].items():
        happened = f"{each['at']:%Y-%m-%d %H:%M} UTC" if each["at"] else "never"
        lines.append("  ".join(filter(None, [f"{name:<16}", happened, each["what"]])))
    lines += [f"{step:<16}  {count} waiting" for step, count in found["waiting"].items()]
    lines += [f"{'disk':<16}  {free:.0%} free of {name}" for name, free in found["disks"].items()]
    lines += [f"OVERDUE  {each}" for each in found["overdue"]]
    return lines + [f"UNKNOWN  {each}" for each in found["unknown"]]


def _overdue(waiting: list[Waiting], due: list[Notice]) -> list[str]:
    repeated = {(each.waiting.step, each.waiting.cause) for each in due if each.after_working_days}
    return [
        f"{each.step} {each.cause} since {each.since:%Y-%m-%d %H:%M} UTC"
        for each in waiting
        if (each.matter == MATTER and each.step not in PATIENT) or (each.step, each.cause) in repeated
    ]


def _not_delivered(connection: psycopg.Connection) -> list[str]:
    """Notices that nobody got, or perhaps nobody."""
    states = Counter(each["state"] for each in once.states_of(connection, "notice-").values())
    return [f"notices {state}: {states[state]}" for state in (once.FAILED, once.UNCERTAIN) if states[state]]


def _last_backup(places: Places, unknown: list[str]) -> dict:
    try:
        found = storage.backups(places.backup_url) if places.backup_url else []
    except Exception as error:  # of any storage
        unknown.append(f"backups: {error}")
        found = []
    return {"at": found[-1].made_at, "what": found[-1].name} if found else {"at": None, "what": None}


def _free(url: str) -> float | None:
    """The free share of the disk of a folder; None where it is on no disk of this machine."""
    address = urlsplit(url)
    if address.scheme not in ("", "file"):
        return None
    folder = Path(unquote(address.path))
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total
