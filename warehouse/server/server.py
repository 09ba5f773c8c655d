"""A server of PostgreSQL on this machine: how to connect to it, its processes, and stopping it."""

import hashlib
import os
import secrets
import signal
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from warehouse.connection import WarehouseUnreachable

DATABASE = "warehouse"
ROLE = "htx"
STOP_SIGNALS = ((signal.SIGINT, 30), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))  # each with seconds to wait


@dataclass(frozen=True)
class Server:
    """The server of a home: where its data are, and how to connect."""

    home: Path
    data: Path
    port: int
    password: str
    copy_of: "Server | None" = None
    """Whose data it begins with, if its home was copied, or moved without its data."""

    @property
    def cluster_name(self) -> str:
        """Carried by the command lines of all its processes."""
        return f"htx-{hash_of(self.home)}"

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/{database}"


def is_up(server: Server) -> bool:
    """Whether the server accepts connections."""
    return refusal_of(server) is None


def refusal_of(server: Server) -> str | None:
    """Why our server does not accept a connection, in the server's words; None if it does.

    The server on our port is another one if it does not see a file in our data directory."""
    token = server.data / f"seen-{secrets.token_hex(8)}"
    try:
        with closing(psycopg.connect(server.url("postgres"), connect_timeout=5)) as connection:
            token.touch()
            row = connection.execute("select (pg_stat_file(%s, true)).size is not null", [token.name]).fetchone()
    except (psycopg.Error, FileNotFoundError) as error:
        return str(error).strip()
    finally:
        token.unlink(missing_ok=True)
    return None if row == (True,) else f"port {server.port} belongs to another server"


def processes_of(server: Server) -> list[psutil.Process]:
    """The living processes of our server, the first one first; after a crash, what is left of them.

    They are found by the cluster name on their command lines, which are open to every user; working directories are
    not, even to root in a container. A server that was started before its home was moved has another name."""
    if is_up(server):
        first = psutil.Process(int(_pid_file(server).read_text().split()[0]))
        return [first, *first.children(recursive=True)]
    title = f"postgres: {server.cluster_name}: "
    return [*first_processes_of(server), *(each for each in psutil.process_iter() if _command(each).startswith(title))]


def first_processes_of(server: Server) -> list[psutil.Process]:
    option = f" cluster_name={server.cluster_name}"
    return [each for each in psutil.process_iter() if "postgres -D" in _command(each) and option in _command(each)]


def _is_alive(process: psutil.Process) -> bool:
    """Whether it still runs: what has ended stays a zombie until process 1 takes notice, in some containers never."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it ended meanwhile, or is a zombie
        return ""


def _pid_file(server: Server) -> Path:
    return server.data / "postmaster.pid"


def end(server: Server, at_once: bool = False) -> None:
    """Stop the server, escalating SIGINT, SIGQUIT, SIGKILL, and remove the pid file that a crash may have left."""
    for number, seconds in STOP_SIGNALS[1:] if at_once else STOP_SIGNALS:
        processes = processes_of(server)
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        deadline = time.monotonic() + seconds
        while any(map(_is_alive, processes)) and time.monotonic() < deadline:
            time.sleep(0.02)
        if not processes_of(server):
            _pid_file(server).unlink(missing_ok=True)
            return
    raise WarehouseUnreachable(f"The embedded server in {server.data} cannot be stopped")


def hash_of(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
