"""A folder of open data at any fsspec URL:

    FOLDER/datapackage.json           what is there; written last, in one step
    FOLDER/data-1a2b3c4d5e6f/*.csv    the tables; the name is the beginning of the sha256 of all of them

Who has read datapackage.json finds the files that it names, also when another export follows: folders that no package
names any more are deleted half a day later.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec

PACKAGE = "datapackage.json"
DATA = re.compile(r"data-[0-9a-f]{12}")
READ_FOR = timedelta(hours=12)
"""how long a folder that no package names is kept, for those who read it or are writing it"""


class ExportRefused(Exception):
    """Nothing was written; the message says why."""


@dataclass(frozen=True)
class OpenDataFolder:
    """A folder that holds an export, or is about to."""

    storage: fsspec.AbstractFileSystem
    path: str

    @classmethod
    def at(cls, url: str) -> "OpenDataFolder":
        storage, path = fsspec.core.url_to_fs(url)
        return cls(storage, path.rstrip("/"))

    @property
    def url(self) -> str:
        """The address of datapackage.json."""
        return self.storage.unstrip_protocol(f"{self.path}/{PACKAGE}")

    def package(self) -> dict | None:
        """The package that is there. Raises ExportRefused where datapackage.json is something else."""
        path = f"{self.path}/{PACKAGE}"
        if not self.storage.exists(path):
            return None
        try:
            found = json.loads(self.storage.cat_file(path))
            return {**found, "name": found["name"], "resources": found["resources"]}
        except (ValueError, TypeError, KeyError) as error:
            raise ExportRefused(f"{self.url} is no data package: use another folder.") from error

    def put(self, file: Path, path: str) -> None:
        """Write a file: a reader sees all of it or nothing."""
        target = f"{self.path}/{path}"
        self.storage.makedirs(target.rpartition("/")[0], exist_ok=True)
        self.storage.put_file(str(file), f"{target}.part")
        self.storage.mv(f"{target}.part", target)

    def publish(self, package: dict) -> None:
        """Let datapackage.json be this package, whose files are there, and delete what nobody reads any more."""
        before, path = self.package(), f"{self.path}/{PACKAGE}"
        if before == json.loads(json.dumps(package)):
            self._delete_unread(before)
            return
        content = json.dumps(package, indent=1, ensure_ascii=False)
        self.storage.pipe_file(f"{path}.part", f"{content}\n".encode())
        self.storage.mv(f"{path}.part", path)

    def _delete_unread(self, package: dict) -> None:
        """Delete the folders of earlier packages, where this one has stood for long enough."""
        self.storage.invalidate_cache()
        if not self._is_old(f"{self.path}/{PACKAGE}"):
            return
        named = {each["path"].partition("/")[0] for each in package["resources"]}
        for folder in self.storage.ls(self.path, detail=False):
            name = folder.rstrip("/").rpartition("/")[2]
            is_unread = DATA.fullmatch(name) and name not in named
            if is_unread and all(self._is_old(each) for each in self.storage.ls(folder, detail=False)):
                self.storage.rm(folder, recursive=True)

    def _is_old(self, path: str) -> bool:
        return datetime.now(UTC) - self.storage.modified(path) > READ_FOR
