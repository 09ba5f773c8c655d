"""Processes of Airflow on this machine: scheduler, dag-processor and api-server, for the duration of a block.

Their files are in HTX_HOME/airflow: services.json (mode 600: port and secrets), passwords.json (mode 600: the logins of
the web page and of the REST API), logs/, and scheduler.log, dag-processor.log, api-server.log. They stop with the
program that started them; if that is killed, the next start finds them, and their tasks, by a mark in their environment
and stops them.
"""

import base64
import configparser
import fcntl
import hashlib
import importlib.metadata
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
import sqlalchemy

from htx.environment import PROJECT
from htx.local.errors import ServicesFailed
from htx.local.runs import Services, last_lines
from htx.local.secret_files import write_secret
from warehouse.connection import WarehouseUnreachable, connect
from warehouse.server.ports import free_port, is_taken

COMMANDS = {
    "scheduler": ["scheduler", "--skip-serve-logs"],  # the web page reads the log files themselves
    "dag-processor": ["dag-processor"],
    "api-server": ["api-server"],
}
MARK = "HTX_AIRFLOW_SERVICES"
# of a task that is under way; services that take longer (the api-server waits for its clients) are killed: all that
# they keep is in PostgreSQL
SECONDS_TO_STOP = 2


@dataclass(frozen=True)
class SavedState:
    """What services.json keeps between starts."""

    port: int
    mark: str
    fernet_key: str
    jwt_secret: str
    api_secret: str
    migrated: str | None = None
    """version of Airflow and revision of the database after the last migration"""
    logins: str | None = None
    """hash of passwords.json and of the code that creates the logins"""


@contextmanager
def airflow_services(
    home: Path, database_url: str, environment: dict[str, str], progress: Callable[[str], None] = lambda line: None
) -> Iterator[Services]:
    """Start the services, with their metadata in the database at `database_url` (created if missing), and stop them at
    the end of the block, on Ctrl-C and on SIGTERM. `environment` is that of the tasks.

    Waits while another program runs the services of this `home`. The services are still starting when the block
    begins: call wait_until_ready() before anything else. Raises ServicesFailed, WarehouseUnreachable."""
    folder = home / "airflow"
    folder.mkdir(parents=True, exist_ok=True)
    with _interrupted_by_signals(), _only_one(folder / "lock", progress):
        state = _read_state(folder)
        _stop_marked(state.mark)
        if is_taken(state.port):
            state = _write_state(folder, state, port=free_port())
        services = Services(folder, f"http://127.0.0.1:{state.port}")
        inherited = {name: value for name, value in environment.items() if not name.startswith("AIRFLOW")}
        environment = {**inherited, **_settings(folder, state, database_url, services.api_url)}
        try:
            state = _migrate(folder, state, database_url, environment, progress)
            _create_logins(folder, state, environment, progress)
            services.started_at = datetime.now(UTC)
            for name, command in COMMANDS.items():
                services.processes[name] = _start(name, command, folder, environment)
            yield services
        finally:
            _stop_marked(state.mark)


def _settings(folder: Path, state: SavedState, database_url: str, api_url: str) -> dict[str, str]:
    """Airflow's configuration, all of it in the environment: airflow.cfg and what differs between machines."""
    address = sqlalchemy.make_url(database_url)
    # asyncpg calls sslmode `ssl`.
    async_query = {("ssl" if key == "sslmode" else key): value for key, value in address.query.items()}
    fixed = configparser.ConfigParser()
    fixed.read(Path(__file__).with_suffix(".cfg"))
    settings = {f"{section}__{key}": value for section in fixed.sections() for key, value in fixed[section].items()}
    settings |= {
        "core__dags_folder": str(PROJECT / "dags"),
        "core__plugins_folder": str(PROJECT / "dags" / "plugins"),
        "core__execution_api_server_url": f"{api_url}/execution/",
        "core__fernet_key": state.fernet_key,
        "database__sql_alchemy_conn": _address(address.set(drivername="postgresql+psycopg2")),
        "database__sql_alchemy_conn_async": _address(address.set(drivername="postgresql+asyncpg", query=async_query)),
        "api__base_url": api_url,
        "api__port": str(state.port),
        "api__secret_key": state.api_secret,
        "api_auth__jwt_secret": state.jwt_secret,
        "logging__base_log_folder": str(folder / "logs"),
        "logging__dag_processor_child_process_log_directory": str(folder / "logs" / "dag_processor"),
    }
    prefixed = {f"AIRFLOW__{name}".upper(): value for name, value in settings.items()}
    # Airflow's processes set their titles; SPT_NOENV prevents these from overwriting the mark.
    marked = {MARK: state.mark, "SPT_NOENV": "1"}
    # tasks find the database closed under Airflow's own name
    own = {"AIRFLOW_DATABASE_URL": settings["database__sql_alchemy_conn"]}
    return {**prefixed, **own, **marked, "AIRFLOW_HOME": str(folder), "PYTHONPATH": str(PROJECT)}


def _address(address: sqlalchemy.URL) -> str:
    return address.render_as_string(hide_password=False)


def _read_state(folder: Path) -> SavedState:
    try:
        return SavedState(**json.loads((folder / "services.json").read_text()))
    except FileNotFoundError:
        state = SavedState(
            port=free_port(),
            mark=secrets.token_hex(8),
            fernet_key=base64.urlsafe_b64encode(os.urandom(32)).decode(),
            jwt_secret=secrets.token_urlsafe(48),
            api_secret=secrets.token_urlsafe(24),
        )
        return _write_state(folder, state)


def _write_state(folder: Path, state: SavedState, **changes: object) -> SavedState:
    state = SavedState(**{**asdict(state), **changes})
    write_secret(folder / "services.json", json.dumps(asdict(state), indent=2))
    return state


def _migrate(
    folder: Path, state: SavedState, database_url: str, environment: dict[str, str], progress: Callable[[str], None]
) -> SavedState:
    """Migrate Airflow's tables to this version of Airflow if necessary."""
    _create_database(database_url)
    version = importlib.metadata.version("apache-airflow")
    if state.migrated == f"{version} {_revision(database_url)}":
        return state
    progress("creating Airflow's tables")
    _run(["airflow", "db", "migrate"], folder / "db-migrate.log", environment)
    return _write_state(folder, state, migrated=f"{version} {_revision(database_url)}", logins=None)


def _create_logins(
    folder: Path, state: SavedState, environment: dict[str, str], progress: Callable[[str], None]
) -> None:
    """Create roles, logins and their passwords, unless nothing has changed since."""
    passwords = folder / "passwords.json"
    if passwords.exists() and state.logins == _hash_of_logins(passwords):
        return
    progress("creating the logins of Airflow")
    _run(["dags.parts.logins", str(passwords)], folder / "logins.log", environment)
    _write_state(folder, state, logins=_hash_of_logins(passwords))


def _hash_of_logins(passwords: Path) -> str:
    """Of everything that the logins are created from."""
    content = passwords.read_bytes() + (PROJECT / "dags" / "parts" / "logins.py").read_bytes()
    return hashlib.sha256(content).hexdigest()


def _run(module: list[str], log: Path, environment: dict[str, str]) -> None:
    """Run a Python module that imports Airflow. Raises ServicesFailed if it fails."""
    with log.open("wb") as output:
        command = [sys.executable, "-m", *module]
        ended = subprocess.run(command, check=False, env=environment, stdout=output, stderr=output)
    if ended.returncode != 0:
        raise ServicesFailed(f"{' '.join(module[:3])} failed. Its log: {log}\n{last_lines(log)}")


def _create_database(url: str) -> None:
    try:
        connect(url).close()
        return
    except WarehouseUnreachable as error:
        unreachable = error
    address = sqlalchemy.make_url(url)
    try:
        with connect(_address(address.set(database="postgres")), autocommit=True) as connection:
            database = psycopg.sql.Identifier(str(address.database))
            connection.execute(psycopg.sql.SQL("create database {}").format(database))
            connection.execute(psycopg.sql.SQL("revoke connect, temporary on database {} from public").format(database))
    except (WarehouseUnreachable, psycopg.Error) as error:
        raise WarehouseUnreachable(f"{unreachable}. It could not be created either: {error}") from error


def _revision(url: str) -> str | None:
    with connect(url) as connection:
        if connection.execute("select to_regclass('alembic_version')").fetchone() == (None,):
            return None
        row = connection.execute("select version_num from alembic_version").fetchone()
        return row[0] if row else None


def _start(name: str, command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.Popen:
    log = folder / f"{name}.log"
    if log.exists():
        os.replace(log, log.with_suffix(".log.before"))
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "airflow", *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C must reach this program alone, which stops them
        )


def _stop_marked(mark: str) -> None:
    """Stop every process with the mark: services, their workers, tasks and the children of these."""
    for is_gentle in (True, False):
        marked = _marked(mark)
        for process in marked:
            try:
                process.terminate() if is_gentle else process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(marked, timeout=SECONDS_TO_STOP if is_gentle else 3)
    if left := _marked(mark):
        raise ServicesFailed(f"Processes of Airflow cannot be stopped: {[process.pid for process in left]}")


def _marked(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.pid != os.getpid():
                found.append(process)
        except (psutil.Error, OSError):  # of another user, or gone
            continue
    return found


@contextmanager
def _interrupted_by_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an exception, so that `finally` blocks run as on Ctrl-C."""

    def leave(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)  # stopping takes a few seconds
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _only_one(lock: Path, progress: Callable[[str], None]) -> Iterator[None]:
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            progress(f"Airflow of {lock.parent} is in use by process {file.read().strip()}: waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
