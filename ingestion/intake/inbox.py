"""The inbox: one folder per unit, writable by that unit alone, and `union`, at any fsspec URL."""

import hashlib
import logging
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import fsspec
import psycopg
from fsspec import AbstractFileSystem

from ingestion.personal_data.names import clean_name
from ingestion.workbook.limits import LIMITS
from ingestion.workbook.received_file import UNION_FOLDER, ReceivedFile

# Files that spreadsheet programs, synchronisers and browsers create while they write another one, or leave next to it.
TEMPORARY_STARTS = ("~$", ".", "._")
TEMPORARY_ENDS = ("~", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".lnk")
RAW_BYTE = re.compile(r"\\u(dc[89a-f][0-9a-f])")
MOMENT = timedelta(microseconds=1)
"""difference between files that a permit admits at the same instant, to keep their order"""
TEMPORARY_NAMES = frozenset({"thumbs.db", "desktop.ini"})

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class InboxFile:
    """A file in the inbox, not yet opened."""

    folder: str
    """the folder directly below the inbox; for a file outside of any folder that of the Union's desk"""
    file_name: str
    url: str
    """in its storage; bytes that are not text are escaped as \\udcff, and what may be a person's is …"""
    modified_at: datetime
    """when it arrived in storage, in UTC"""
    byte_count: int


def list_inbox(url: str) -> list[InboxFile]:
    """The files of the inbox in the order of receipt: time in storage, then name. A missing inbox is empty. Links and
    devices are skipped: reading one may give another unit's file, or never end."""
    storage, root = fsspec.core.url_to_fs(url)
    if not storage.exists(root):
        return []
    storage.invalidate_cache()
    found = []
    for path, about in storage.find(root, detail=True).items():
        parts = path[len(root) :].strip("/").split("/")
        if any(map(_is_temporary, parts)):
            continue
        if about.get("type", "file") != "file" or about.get("islink"):
            log.warning("%s is a link or a device, and is skipped", plain_name("/".join(parts)))
            continue
        folder = parts[0] if len(parts) > 1 else UNION_FOLDER
        arrived = _modified_at(storage, path, about)
        url = kept_url(storage.unstrip_protocol(path), parts)
        found.append(InboxFile(plain_name(folder), plain_name(parts[-1]), url, arrived, int(about["size"])))
    return sorted(found, key=lambda file: (file.modified_at, file.file_name, file.url))


def read_file(file: InboxFile) -> ReceivedFile:
    """The file with its bytes, within the limit of read_bytes. Its time of receipt is that of its storage, so that an
    outage of this system makes no file late.

    Raises OSError if the file was deleted or cannot be read."""
    storage, path = _find(file.url)
    with storage.open(path, "rb") as opened:
        return ReceivedFile(file.folder, file.file_name, file.modified_at, read_bytes(opened))


def read_bytes(opened: BinaryIO) -> bytes:
    """The bytes of a file; of one above the size limit (limits.py) one more than the limit, which shows it."""
    return opened.read(LIMITS.bytes + 1)


def plain_name(name: str) -> str:
    """The name of a file as it can be stored, logged and printed: bytes that are not text, line breaks and control
    characters become �, and what may be a person's name or number …. Names are only displayed."""
    return clean_name("".join(letter if letter.isprintable() else " " if letter.isspace() else "�" for letter in name))


def kept_url(url: str, parts: list[str] | None = None) -> str:
    """The URL of a file as it is kept, without persons in its last parts: its name by default. One with … has four
    characters of a hash, which tell it from others, and are too few to find out what it was."""
    parts = parts or [url.rpartition("/")[2]]
    cleaned = [clean_name(part) for part in parts]
    if cleaned != parts:
        sign = hashlib.sha256(parts[-1].encode("utf-8", "surrogateescape")).hexdigest()[:4]
        url = f"{url[: -len('/'.join(parts))]}{'/'.join(cleaned)}#{sign}"
    return url.encode("utf-8", "backslashreplace").decode()


def new_files(connection: psycopg.Connection, files: list[InboxFile], reference_sha256: str) -> list[InboxFile]:
    """The files that were not loaded yet in their present state, in the same order.

    A file that was rejected under other reference data is new again: the fault may have been in the reference data. So
    is a file that only the lock of its year rejected, once a late permit admits it: with its own time of receipt if the
    permit holds from before it, else with the instant at which the permit was granted."""
    seen = connection.execute(
        """
        select listed.place
        from unnest(%s::text[], %s::timestamptz[], %s::bigint[]) with ordinality
            as listed (url, modified_at, byte_count, place)
        inner join raw.inbox_sightings using (url, modified_at, byte_count)
        inner join raw.received_files using (submission_id)
        where received_files.verdict = 'accepted' or received_files.reference_sha256 = %s
        """,
        [*_columns(files), reference_sha256],
    )
    known = {place - 1 for (place,) in seen}
    admitted = _admitted(connection, [files[place] for place in sorted(known)])
    found = [file for place, file in enumerate(files) if place not in known] + admitted
    return sorted(found, key=lambda file: file.modified_at)


def _admitted(connection: psycopg.Connection, files: list[InboxFile]) -> list[InboxFile]:
    """The files that only a lock rejected and a late permit now admits, with the time of receipt that counts."""
    found = connection.execute(
        """
        with locked_out as (
            select listed.place, listed.modified_at, kept.reporting_unit_code, kept.report_year
            from unnest(%s::text[], %s::timestamptz[], %s::bigint[]) with ordinality
                as listed (url, modified_at, byte_count, place)
            inner join raw.inbox_sightings using (url, modified_at, byte_count)
            inner join raw.received_files as kept using (submission_id)
            where kept.verdict = 'rejected' and 'F06' = all (
                select rule_code from quality.file_findings as errors
                where errors.submission_id = kept.submission_id and errors.severity = 'error'
            )
        )

        select
            place,
            min(greatest(exceptions.granted_at, locked_out.modified_at))
        from locked_out
        inner join raw.lock_exceptions as exceptions using (reporting_unit_code, report_year)
        where exceptions.revoked_at is null and locked_out.modified_at < exceptions.valid_until
        group by place
        order by place
        """,
        _columns(files),
    )
    admitted: list[InboxFile] = []
    for place, instant in found:
        file = files[place - 1]
        if instant > file.modified_at:  # files that one permit admits keep their order
            instant += len(admitted) * MOMENT
        admitted.append(replace(file, modified_at=instant))
    return admitted


def _columns(files: list[InboxFile]) -> list[list]:
    """The columns of raw.inbox_sightings by which a file in one state is known."""
    return [[getattr(file, name) for file in files] for name in ("url", "modified_at", "byte_count")]


def _is_temporary(name: str) -> bool:
    name = name.lower()
    return name.startswith(TEMPORARY_STARTS) or name.endswith(TEMPORARY_ENDS) or name in TEMPORARY_NAMES


def _find(url: str) -> tuple[AbstractFileSystem, str]:
    """The storage and the path of a file that is known by kept_url. Raises FileNotFoundError."""
    address = RAW_BYTE.sub(lambda match: chr(int(match[1], 16)), url)
    folder, _, name = address.rpartition("/") if "…" not in address else address.partition("…")[0].rpartition("/")
    storage, path = fsspec.core.url_to_fs(folder)  # of the folder: a file name may have meaning in a URL
    if "…" not in address:
        return storage, f"{path}/{name}"
    for found in storage.find(path):
        parts = found[len(path) :].strip("/").split("/")
        if kept_url(storage.unstrip_protocol(found), parts) == url:
            return storage, found
    raise FileNotFoundError(plain_name(url))


def _modified_at(storage: AbstractFileSystem, path: str, about: dict) -> datetime:
    """When the file arrived: in the listing of local files, else requested from the storage."""
    mtime = about.get("mtime")
    if isinstance(mtime, (int, float)):
        return datetime.fromtimestamp(mtime, UTC)
    modified = mtime or about.get("LastModified") or storage.modified(path)
    return modified.astimezone(UTC) if modified.tzinfo else modified.replace(tzinfo=UTC)
