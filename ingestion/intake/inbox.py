"""The inbox: one folder per unit code, writable by that unit alone, and `union`, behind any fsspec URL."""

import logging
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import fsspec
import psycopg
from fsspec import AbstractFileSystem

from ingestion.workbook.limits import LIMITS
from ingestion.workbook.received_file import UNION_FOLDER, ReceivedFile

# What spreadsheet programs, synchronisers and browsers leave beside a file, or while they write it.
PASSING_STARTS = ("~$", ".", "._")
PASSING_ENDS = ("~", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".lnk")
RAW_BYTE = re.compile(r"\\u(dc[89a-f][0-9a-f])")
MOMENT = timedelta(microseconds=1)
"""what parts two files that count as received at one instant, in their order"""
PASSING_NAMES = frozenset({"thumbs.db", "desktop.ini"})

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class InboxFile:
    """A file that lies in the inbox, not yet opened."""

    folder: str
    """the folder directly below the inbox; a file outside of any counts as lying on the Union's desk"""
    file_name: str
    url: str
    """of its storage; a byte that is no text stands in it as \\udcff"""
    modified_at: datetime
    """when it arrived in storage, in UTC"""
    byte_count: int


def list_inbox(url: str) -> list[InboxFile]:
    """The files of the inbox in the order of receipt: time in storage, then name. An inbox that is not there yet
    is empty. Links and devices are no files that a unit sent: reading one may give another's file, or never end."""
    storage, root = fsspec.core.url_to_fs(url)
    if not storage.exists(root):
        return []
    storage.invalidate_cache()
    found = []
    for path, about in storage.find(root, detail=True).items():
        parts = path[len(root) :].strip("/").split("/")
        if any(map(_is_passing, parts)):
            continue
        if about.get("type", "file") != "file" or about.get("islink"):
            log.warning("%s is no file of its own, and is not read", plain_name("/".join(parts)))
            continue
        folder = parts[0] if len(parts) > 1 else UNION_FOLDER
        arrived = _modified_at(storage, path, about)
        url = storage.unstrip_protocol(path).encode("utf-8", "backslashreplace").decode()
        found.append(InboxFile(plain_name(folder), plain_name(parts[-1]), url, arrived, int(about["size"])))
    return sorted(found, key=lambda file: (file.modified_at, file.file_name, file.url))


def read_file(file: InboxFile) -> ReceivedFile:
    """The file with its bytes, as far as read_bytes goes. What arrived when is what its storage says: an outage of ours
    makes nobody late.

    Raises OSError for a file that is gone by now or may not be read."""
    address = RAW_BYTE.sub(lambda match: chr(int(match[1], 16)), file.url)
    folder, _, name = address.rpartition("/")
    storage, path = fsspec.core.url_to_fs(folder)  # of the folder: a name may hold signs that mean something in a URL
    with storage.open(f"{path}/{name}", "rb") as opened:
        return ReceivedFile(file.folder, file.file_name, file.modified_at, read_bytes(opened))


def read_bytes(opened: BinaryIO) -> bytes:
    """The bytes of a file; of one over the bound (limits.py) one more than the bound, by which it is known."""
    return opened.read(LIMITS.bytes + 1)


def plain_name(name: str) -> str:
    """The name of a file as it can be stored, logged and printed: a byte that is no text, a line break or another
    sign that steers a terminal becomes �. Names mean nothing here; they are only shown."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "�" for letter in name)


def new_files(connection: psycopg.Connection, files: list[InboxFile], reference_sha256: str) -> list[InboxFile]:
    """Those of the files that were not loaded yet as they lie there now, in the same order.

    A file that was rejected under other reference data is new again: what was wrong may have been a row of ours. So is
    one that the lock of its year alone kept out, once there is an exception that lets it in: as it came, where the
    exception is granted as of an instant before it; else as if it came again, in the same order, when the exception
    was granted, and from then on it counts."""
    seen = connection.execute(
        """
        select listed.place
        from unnest(%s::text[], %s::timestamptz[], %s::bigint[]) with ordinality
            as listed (url, modified_at, byte_count, place)
        inner join raw.inbox_sightings using (url, modified_at, byte_count)
        inner join raw.received_files using (submission_id)
        where received_files.verdict = 'accepted' or received_files.reference_sha256 = %s
        """,
        [
            [file.url for file in files],
            [file.modified_at for file in files],
            [file.byte_count for file in files],
            reference_sha256,
        ],
    )
    known = {place - 1 for (place,) in seen}
    let_in = _let_in(connection, [files[place] for place in sorted(known)])
    found = [file for place, file in enumerate(files) if place not in known] + let_in
    return sorted(found, key=lambda file: file.modified_at)


def _let_in(connection: psycopg.Connection, files: list[InboxFile]) -> list[InboxFile]:
    """Those of the files that only a lock kept out and that an exception lets in now, as they are to be received."""
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
        [
            [file.url for file in files],
            [file.modified_at for file in files],
            [file.byte_count for file in files],
        ],
    )
    let_in: list[InboxFile] = []
    for place, instant in found:
        file = files[place - 1]
        if instant > file.modified_at:  # those that one exception lets in keep their order
            instant += len(let_in) * MOMENT
        let_in.append(replace(file, modified_at=instant))
    return let_in


def _is_passing(name: str) -> bool:
    name = name.lower()
    return name.startswith(PASSING_STARTS) or name.endswith(PASSING_ENDS) or name in PASSING_NAMES


def _modified_at(storage: AbstractFileSystem, path: str, about: dict) -> datetime:
    """Local files say `mtime` in the listing; other storages are asked."""
    mtime = about.get("mtime")
    if isinstance(mtime, (int, float)):
        return datetime.fromtimestamp(mtime, UTC)
    modified = mtime or about.get("LastModified") or storage.modified(path)
    return modified.astimezone(UTC) if modified.tzinfo else modified.replace(tzinfo=UTC)
