"""The inbox: one folder per unit, writable by that unit alone, and `union`, at any fsspec URL."""

import errno
import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

import fsspec
from fsspec import AbstractFileSystem

from ingestion.personal_data.names import clean_name
from ingestion.workbook.limits import LIMITS
from ingestion.workbook.received_file import UNION_FOLDER, ReceivedFile

# Files that spreadsheet programs, synchronisers and browsers create while they write another one, or leave next to it.
TEMPORARY_STARTS = ("~$", ".", "._")
TEMPORARY_ENDS = ("~", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".lnk")
RAW_BYTE = re.compile(r"\\u(dc[89a-f][0-9a-f])")
TEMPORARY_NAMES = frozenset({"thumbs.db", "desktop.ini"})
FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
"""instants that every time zone has"""

Searched = dict[str, dict[tuple[str, datetime], str]]
"""folder -> the paths of the files below it, by the URL that is kept and the time in storage"""

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
    """the time in its storage, in UTC, which its sender may have set"""
    byte_count: int
    received_at: datetime
    """when it counts as received, in UTC"""
    doubt: str | None = None
    """the rule of the finding on its time of receipt, where the time in storage was not taken for it"""


@dataclass(frozen=True)
class Inbox:
    """What a look at the inbox showed."""

    address: str
    files: list[InboxFile]
    """in the order of their times in storage, then of their names"""
    folders: list[str]
    """addresses of what was read to its end: folders directly below the inbox, and the inbox itself without them"""

    def folder_of(self, file: InboxFile) -> str:
        """The address of the folder directly below the inbox that a file lies in, else of the inbox."""
        folder, is_below, _ = file.url.removeprefix(f"{self.address}/").partition("/")
        return f"{self.address}/{folder}" if is_below else self.address


def list_inbox(url: str) -> Inbox:
    """Look at the inbox; a missing one is empty. Links and devices are skipped: reading one may give another unit's
    file, or never end. A folder that cannot be read delays no other; OSError where the inbox itself cannot."""
    storage, root = fsspec.core.url_to_fs(url)
    address = storage.unstrip_protocol(root).rstrip("/")
    if not storage.exists(root):
        return Inbox(address, [], [])
    storage.invalidate_cache()
    top = storage.ls(root, detail=True)
    files = list(_files(storage, root, (each for each in top if each["type"] != "directory")))
    read = [address]
    for folder in (each["name"] for each in top if each["type"] == "directory"):
        name = plain_name(folder.rstrip("/").rpartition("/")[2])
        try:
            files += _files(storage, root, _walk(storage, folder))
        except OSError as error:
            why = error.strerror or type(error).__name__  # without names below it
            log.warning("the folder %s of the inbox cannot be read to its end: %s", name, why)
        else:
            read.append(f"{address}/{name}")
    return Inbox(address, sorted(files, key=lambda file: (file.modified_at, file.file_name, file.url)), read)


def read_file(file: InboxFile, searched: Searched | None = None) -> ReceivedFile:
    """The file with its bytes, within the limit of read_bytes. `searched`: filled and used when many are read.

    Raises OSError if it was deleted, cannot be read, or was changed since it was listed: the next look finds it as it
    is then."""
    storage, path = _find(file, {} if searched is None else searched)
    _require_as_listed(storage, path, file)  # a pipe would never end
    with storage.open(path, "rb") as opened:
        content = read_bytes(opened)
    _require_as_listed(storage, path, file)
    return ReceivedFile(
        file.folder, file.file_name, file.received_at, content, stored_at=file.modified_at, doubt=file.doubt
    )


def _require_as_listed(storage: AbstractFileSystem, path: str, file: InboxFile) -> None:
    storage.invalidate_cache(path)
    about = storage.info(path)
    state = _modified_at(storage, path, about), int(about["size"])
    if not _is_file(about) or state != (file.modified_at, file.byte_count):
        raise OSError(errno.ESTALE, "it was changed since it was listed")


def read_bytes(opened: BinaryIO) -> bytes:
    """The bytes of a file; of one above the size limit (limits.py) one more than the limit, which shows it."""
    return opened.read(LIMITS.bytes + 1)


def plain_name(name: str) -> str:
    """The name of a file as it can be stored, logged and printed: bytes that are not text, line breaks and control
    characters become �, and what may be a person's name or number …. Names are only displayed."""
    return clean_name("".join(letter if letter.isprintable() else " " if letter.isspace() else "�" for letter in name))


def kept_url(url: str, parts: list[str] | None = None) -> str:
    """The URL of a file as it is kept, without persons in its last parts: all by default. One with … has four
    characters of a hash, which tell it from others, and are too few to find out what it was."""
    parts = parts or url.split("/")[1:]
    cleaned = [clean_name(part) for part in parts]
    if cleaned != parts:
        removed = "/".join(part for part, kept in zip(parts, cleaned, strict=True) if part != kept)
        sign = hashlib.sha256(removed.encode("utf-8", "surrogateescape")).hexdigest()[:4]
        url = f"{url[: -len('/'.join(parts))]}{'/'.join(cleaned)}#{sign}"
    return url.encode("utf-8", "backslashreplace").decode()


def _walk(storage: AbstractFileSystem, folder: str) -> Iterator[dict]:
    """What lies in a folder and below it; OSError, unlike fsspec's own walk, where a folder below cannot be read."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        for about in storage.ls(path, detail=True):
            if about["type"] != "directory":
                yield about
            elif about["name"].rstrip("/") != path.rstrip("/"):  # some storages list a folder in itself
                waiting.append(about["name"])


def _files(storage: AbstractFileSystem, root: str, found: Iterable[dict]) -> Iterator[InboxFile]:
    for about in found:
        path = about["name"]
        parts = _parts(root, path)
        if any(map(_is_temporary, parts)):
            continue
        if not _is_file(about):
            log.warning("%s is a link or a device, and is skipped", plain_name("/".join(parts)))
            continue
        folder = parts[0] if len(parts) > 1 else UNION_FOLDER
        stored = _modified_at(storage, path, about)
        url = kept_url(storage.unstrip_protocol(path), parts)
        yield InboxFile(plain_name(folder), plain_name(parts[-1]), url, stored, int(about["size"]), stored)


def _is_file(about: dict) -> bool:
    return about.get("type", "file") == "file" and not about.get("islink")


def _is_temporary(name: str) -> bool:
    name = name.lower()
    return name.startswith(TEMPORARY_STARTS) or name.endswith(TEMPORARY_ENDS) or name in TEMPORARY_NAMES


def _find(file: InboxFile, searched: Searched) -> tuple[AbstractFileSystem, str]:
    """The storage and the path of a file, whose URL is kept without persons. Raises FileNotFoundError."""
    address = RAW_BYTE.sub(lambda match: chr(int(match[1], 16)), file.url)
    folder, _, name = address.rpartition("/") if "…" not in address else address.partition("…")[0].rpartition("/")
    storage, path = fsspec.core.url_to_fs(folder)  # of the folder: a file name may have meaning in a URL
    if "…" not in address:
        return storage, f"{path}/{name}"
    if folder not in searched:
        searched[folder] = {
            (kept_url(storage.unstrip_protocol(found), _parts(path, found)), _modified_at(storage, found, about)): found
            for found, about in storage.find(path, detail=True).items()
        }
    if found := searched[folder].get((file.url, file.modified_at)):
        return storage, found
    raise FileNotFoundError(errno.ENOENT, "it was deleted or changed since it was listed")


def _parts(root: str, path: str) -> list[str]:
    """The parts of a path below a folder."""
    return path[len(root) :].strip("/").split("/")


def time_of(mtime: float) -> datetime:
    """A time of change in seconds as an instant in UTC."""
    return datetime.fromtimestamp(max(FIRST.timestamp(), min(mtime, LAST.timestamp())), UTC)


def _modified_at(storage: AbstractFileSystem, path: str, about: dict) -> datetime:
    """The time in storage: in the listing of local files, else requested."""
    mtime = about.get("mtime")
    if isinstance(mtime, (int, float)):
        return time_of(mtime)
    modified = mtime or about.get("LastModified") or storage.modified(path)
    return modified.astimezone(UTC) if modified.tzinfo else modified.replace(tzinfo=UTC)
