"""The inbox: one folder per unit code, writable by that unit alone, and `union`, behind any fsspec URL."""

from dataclasses import dataclass
from datetime import UTC, datetime

import fsspec
import psycopg
from fsspec import AbstractFileSystem

from ingestion.submissions import UNION_FOLDER, ReceivedFile

# What spreadsheet programs, synchronisers and browsers leave beside a file, or while they write it.
PASSING_STARTS = ("~$", ".", "._")
PASSING_ENDS = ("~", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".lnk")
PASSING_NAMES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class InboxFile:
    """A file that lies in the inbox, not yet opened."""

    folder: str
    """the folder directly below the inbox; a file outside of any counts as lying on the Union's desk"""
    file_name: str
    url: str
    modified_at: datetime
    """when it arrived in storage, in UTC"""
    byte_count: int


def list_inbox(url: str) -> list[InboxFile]:
    """The files of the inbox in the order of receipt: time in storage, then name. An inbox that is not there yet
    is empty."""
    storage, root = fsspec.core.url_to_fs(url)
    if not storage.exists(root):
        return []
    storage.invalidate_cache()
    found = []
    for path, about in storage.find(root, detail=True).items():
        parts = path[len(root) :].strip("/").split("/")
        if any(map(_is_passing, parts)):
            continue
        folder = parts[0] if len(parts) > 1 else UNION_FOLDER
        arrived = _modified_at(storage, path, about)
        found.append(InboxFile(folder, parts[-1], storage.unstrip_protocol(path), arrived, int(about["size"])))
    return sorted(found, key=lambda file: (file.modified_at, file.file_name, file.url))


def read_file(file: InboxFile) -> ReceivedFile:
    """The file with its bytes. What arrived when is what its storage says: an outage of ours makes nobody late."""
    with fsspec.open(file.url, "rb") as opened:
        return ReceivedFile(file.folder, file.file_name, file.modified_at, opened.read())


def new_files(connection: psycopg.Connection, files: list[InboxFile]) -> list[InboxFile]:
    """Those of the files that were not loaded yet as they lie there now, in the same order."""
    seen = connection.execute(
        """
        select listed.place
        from unnest(%s::text[], %s::timestamptz[], %s::bigint[]) with ordinality
            as listed (url, modified_at, byte_count, place)
        inner join raw.inbox_sightings using (url, modified_at, byte_count)
        """,
        [
            [file.url for file in files],
            [file.modified_at for file in files],
            [file.byte_count for file in files],
        ],
    )
    known = {place - 1 for (place,) in seen}
    return [file for place, file in enumerate(files) if place not in known]


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
