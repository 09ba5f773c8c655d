"""A folder of backups at any fsspec URL. Each backup is a folder in it, named after its instant in UTC:

    warehouse-20261129T190000Z/warehouse.dump   what pg_dump writes in its custom format
    warehouse-20261129T190000Z/manifest.json    what is in it
    warehouse-20261129T190000Z/SHA256SUMS       of these two, as `sha256sum --check` reads it; written last

A folder without SHA256SUMS is a backup that was interrupted.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import IO

import fsspec

from htx.backups.retention import Retention

DUMP, MANIFEST, SUMS = "warehouse.dump", "manifest.json", "SHA256SUMS"
NAME = "warehouse-%Y%m%dT%H%M%SZ"
BLOCK = 1 << 20
UNFINISHED_FOR = timedelta(days=1)
"""after that a folder without sums is no backup that is still being written"""


class BackupDamaged(Exception):
    """A backup is not what was written, or there is none; the message names the file."""


@dataclass(frozen=True)
class Backup:
    """A folder that holds a backup, or what an interrupted one left."""

    storage: fsspec.AbstractFileSystem
    folder: str

    @property
    def name(self) -> str:
        return self.folder.rpartition("/")[2]

    @property
    def made_at(self) -> datetime:
        return datetime.strptime(self.name, NAME).replace(tzinfo=UTC)

    @property
    def is_complete(self) -> bool:
        return self.storage.exists(self.path(SUMS))

    @cached_property
    def manifest(self) -> dict:
        """What is in it. Raises BackupDamaged."""
        content = self.storage.cat_file(self.path(MANIFEST)) if self.storage.exists(self.path(MANIFEST)) else b""
        self._require_sum(MANIFEST, hashlib.sha256(content).hexdigest())
        return json.loads(content)

    def path(self, file_name: str) -> str:
        return f"{self.folder}/{file_name}"

    def write_dump(self, output: IO[bytes]) -> dict:
        """Write the dump as it comes; gives dump_bytes and dump_sha256 for the manifest."""
        self.storage.makedirs(self.folder, exist_ok=True)
        written, size = hashlib.sha256(), 0
        with self.storage.open(self.path(DUMP), "wb") as file:
            while block := output.read(BLOCK):
                file.write(block)
                written.update(block)
                size += len(block)
        return {"dump_bytes": size, "dump_sha256": written.hexdigest()}

    def complete(self, manifest: dict) -> None:
        """Write the manifest, and last the sums of both files."""
        content = json.dumps(manifest, indent=2, ensure_ascii=False).encode()
        self.storage.pipe_file(self.path(MANIFEST), content)
        sums = {DUMP: manifest["dump_sha256"], MANIFEST: hashlib.sha256(content).hexdigest()}
        self.storage.pipe_file(self.path(SUMS), "".join(f"{each}  {name}\n" for name, each in sums.items()).encode())

    def read_dump(self, keep: Callable[[bytes], object] = lambda block: None) -> None:
        """Read the dump block by block. Raises BackupDamaged at its end where it is not what was written."""
        found = hashlib.sha256()
        if self.storage.exists(self.path(DUMP)):
            with self.storage.open(self.path(DUMP), "rb") as file:
                while block := file.read(BLOCK):
                    found.update(block)
                    keep(block)
        self._require_sum(DUMP, found.hexdigest())

    def _require_sum(self, file_name: str, found: str) -> None:
        sums = self.storage.cat_file(self.path(SUMS)).decode(errors="replace") if self.is_complete else ""
        if f"{found}  {file_name}\n" not in sums:
            raise BackupDamaged(
                f"{self.path(file_name)} is damaged or missing: its sha256 is not in {SUMS}. Use another backup."
            )


def backups(url: str) -> list[Backup]:
    """The complete backups in a folder, the oldest first; none where there is no folder."""
    return [each for each in _folders(url) if each.is_complete]


def find(url: str) -> Backup:
    """The backup at a URL, or the newest one in the folder there. Raises BackupDamaged where there is none."""
    storage, folder = _place(url)
    if storage.exists(f"{folder}/{SUMS}"):
        return Backup(storage, folder)
    if not (found := backups(url)):
        raise BackupDamaged(f"There is no backup in {url}.")
    return found[-1]


def new(url: str, at: datetime) -> Backup:
    """A backup that is to be written."""
    storage, folder = _place(url)
    return Backup(storage, f"{folder}/{at.astimezone(UTC).strftime(NAME)}")


def prune(url: str, retention: Retention) -> list[str]:
    """Delete the backups that are not kept, and what interrupted ones left; their names."""
    complete = backups(url)
    kept = retention.kept(each.made_at for each in complete)
    newest = max(kept, default=datetime.min.replace(tzinfo=UTC))
    gone = [
        each
        for each in _folders(url)
        if each.made_at not in kept and (each in complete or newest - each.made_at > UNFINISHED_FOR)
    ]
    for each in gone:
        each.storage.rm(each.folder, recursive=True)
    return [each.name for each in gone]


def _folders(url: str) -> Iterator[Backup]:
    storage, folder = _place(url)
    if storage.exists(folder):
        storage.invalidate_cache()
        for path in sorted(storage.ls(folder, detail=False)):
            if re.fullmatch(r"warehouse-\d{8}T\d{6}Z", path.rstrip("/").rpartition("/")[2]):
                yield Backup(storage, path.rstrip("/"))


def _place(url: str) -> tuple[fsspec.AbstractFileSystem, str]:
    storage, folder = fsspec.core.url_to_fs(url)
    return storage, folder.rstrip("/")
