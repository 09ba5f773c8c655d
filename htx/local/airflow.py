"""The three services of Airflow (scheduler, dag-processor, api-server), real ones, for as long as they are needed.

They keep their files in HTX_HOME/airflow: services.json (mode 600: port and secrets), passwords.json (mode 600: the
logins of the web page and of the REST API), logs/, and scheduler.log, dag-processor.log, api-server.log. Whatever
happens to the program that started them, they do not pile up: it ends them when it ends, and one that was killed
leaves a mark in their environment by which the next start finds and ends them, tasks included.

Everything else is said to them through their REST API.
"""

import base64
import fcntl
import hashlib
import importlib.metadata
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import psycopg
import sqlalchemy

from htx.environment import PROJECT
from warehouse.connection import WarehouseUnreachable, connect
from warehouse.server.embedded import free_port, is_taken

COMMANDS = {
    "scheduler": ["scheduler", "--skip-serve-logs"],  # the web page reads the log files themselves
    "dag-processor": ["dag-processor"],
    "api-server": ["api-server"],
}
PUBLISHING = ("publish_annual_report", "publish_phase_review")
DAGS = ("ingest_submissions", "ingest_registry", "build_warehouse", *PUBLISHING)
USER = "admin"
AWAITING = "awaiting_input"
# Airflow 3.3 fails a task whose question is answered before the scheduler heard that its process ended: seen when a
# program answered within a fifth of a second. A person takes longer.
SECONDS_TO_BE_HEARD = 2
MARK = "HTX_AIRFLOW_SERVICES"
SECONDS_TO_START = 180
SECONDS_TO_STOP = 8
SECONDS_FOR_A_RUN = 1800
UNFINISHED = ("queued", "running")


class RunFailed(Exception):
    """A run failed, or took too long; the message names the DAG, the task and its log."""


class ServicesFailed(RunFailed):
    """A service of Airflow does not start, or died; the message names its log."""


@dataclass(frozen=True)
class Memory:
    """What services.json keeps between starts."""

    port: int
    mark: str
    fernet_key: str
    jwt_secret: str
    api_secret: str
    migrated: str | None = None
    """version of Airflow and revision of the database after the last migration"""
    logins: str | None = None
    """hash of passwords.json and of what makes the logins, after they were made"""


@dataclass
class Services:
    """Running services, and what can be asked of them."""

    folder: Path
    api_url: str
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _token: str | None = None

    def wait_until_ready(self) -> None:
        """Wait until the DAG files have been read anew and the scheduler works; then clear what a killed
        program left: runs that nobody works on any more are marked failed, paused DAGs go on. A run that waits for
        a person goes on waiting.

        Raises ServicesFailed when a service dies, a DAG file cannot be read, or it takes too long."""
        self._wait(self._is_ready, SECONDS_TO_START, ServicesFailed(f"Airflow does not start; its logs: {self.folder}"))
        for error in self._import_errors():
            raise ServicesFailed(f"{error['filename']} cannot be read:\n{error['stack_trace']}")
        for dag_id in DAGS:
            self._call("PATCH", f"dags/{dag_id}", {"is_paused": False})
            for run_id in self._unfinished(dag_id, run_after_lt=self.started_at.isoformat()):
                if dag_id in PUBLISHING and self._awaits_approval(dag_id, run_id):
                    continue
                note = {"state": "failed", "note": "Interrupted: the program that ran it ended."}
                self._call("PATCH", f"dags/{dag_id}/dagRuns/{run_id}", note)

    def token(self) -> str:
        """A token of the REST API for the desk's user."""
        if self._token is None:
            login = {"username": USER, "password": self.password()}
            answer = httpx.post(f"{self.api_url}/auth/token", json=login, timeout=60)
            self._token = _content(answer)["access_token"]
        return self._token

    def password(self, login: str = USER) -> str:
        """The password of a login, as passwords.json keeps it; without one that of the desk's user, `admin`."""
        return json.loads((self.folder / "passwords.json").read_text())[login]

    def trigger(self, dag_id: str, conf: dict | None = None) -> str:
        """Start a run of a DAG and return its id."""
        return self._call("POST", f"dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf or {}})["dag_run_id"]

    def wait_for_run(self, dag_id: str, run_id: str, timeout: float = SECONDS_FOR_A_RUN) -> None:
        """Wait until a run has ended well. Raises RunFailed when it failed or did not end in `timeout` seconds."""
        states = []

        def has_ended() -> bool:
            states.append(self._get(f"dags/{dag_id}/dagRuns/{run_id}")["state"])
            return states[-1] not in UNFINISHED

        late = RunFailed(f"{dag_id}, run {run_id}, has not ended after {timeout:.0f} s: {self.api_url}/dags/{dag_id}")
        self._wait(has_ended, timeout, late)
        if states[-1] != "success":
            raise RunFailed(self._failure(dag_id, run_id))

    def wait_for_builds_after(self, runs: dict[str, list[str]], timeout: float = SECONDS_FOR_A_RUN) -> list[str]:
        """Wait for the runs that follow from the assets that `runs` ({dag id: run ids}, ended) announced, and for
        any other run of build_warehouse. Returns the ids of the runs that followed; none when nothing was new.

        Raises RunFailed."""
        following: dict[str, None] = {}

        def have_begun() -> bool:
            """Whether every event has its run; Airflow joins events that come while a run is under way."""
            for dag_id, run_ids in runs.items():
                for run_id in run_ids:
                    source = {"source_dag_id": dag_id, "source_run_id": run_id}
                    # Airflow 3.3.2 answers 500 while the run of an event is queued: it is asked again.
                    for event in self._get("assets/events", **source)["asset_events"]:
                        if not event["created_dagruns"]:
                            return False
                        following.update({run["run_id"]: None for run in event["created_dagruns"]})
            return True

        late = RunFailed(f"No run of build_warehouse began within {timeout:.0f} s after new data: {self.folder}")
        self._wait(have_begun, timeout, late)
        for run_id in [*following, *self._unfinished("build_warehouse")]:
            self.wait_for_run("build_warehouse", run_id, timeout)
        return list(following)

    def result_of(self, dag_id: str, run_id: str, task_id: str) -> object:
        """What a task returned; None when it returned nothing or was skipped."""
        path = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        answer = self._send("GET", path, params={"deserialize": "true"})
        return None if answer.status_code == 404 else _content(answer)["value"]

    def asks(self, dag_id: str, run_id: str, timeout: float = SECONDS_FOR_A_RUN) -> bool:
        """Wait until a run asks for approval (True), or has ended without asking. Raises RunFailed."""
        states = []

        def has_asked_or_ended() -> bool:
            has_ended = self._get(f"dags/{dag_id}/dagRuns/{run_id}")["state"] not in UNFINISHED
            states.append(self._awaits_approval(dag_id, run_id))
            return states[-1] or has_ended

        late = RunFailed(f"{dag_id}, run {run_id}, asks nothing after {timeout:.0f} s: {self.api_url}/dags/{dag_id}")
        self._wait(has_asked_or_ended, timeout, late)
        if states[-1]:
            time.sleep(SECONDS_TO_BE_HEARD)
        else:
            self.wait_for_run(dag_id, run_id, timeout)
        return states[-1]

    def approve(self, dag_id: str, run_id: str) -> None:
        """Approve as the desk's user what a run asks."""
        task = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/approve/-1"
        self._call("PATCH", f"{task}/hitlDetails", {"chosen_options": ["Approve"], "params_input": {}})

    def awaiting_approval(self, dag_id: str) -> list[str]:
        """The runs of a DAG that wait for a person, the oldest first."""
        return [run_id for run_id in self._unfinished(dag_id) if self._awaits_approval(dag_id, run_id)]

    def tasks_of(self, dag_id: str, run_id: str) -> list[dict]:
        """The tasks of a run, as the REST API gives them: task_id, map_index, state, duration in seconds, ..."""
        return self._get(f"dags/{dag_id}/dagRuns/{run_id}/taskInstances", limit=100)["task_instances"]

    # How it is asked

    def _is_ready(self) -> bool:
        beat = self._get("monitor/health")["scheduler"]["latest_scheduler_heartbeat"]
        if not self._is_of_this_start(beat):
            return False
        if self._import_errors():
            return True  # will be told
        for dag_id in DAGS:
            answer = self._send("GET", f"dags/{dag_id}")
            if answer.status_code == 404 or not self._is_of_this_start(_content(answer)["last_parsed_time"]):
                return False
        return True

    def _import_errors(self) -> list[dict]:
        errors = self._get("importErrors")["import_errors"]
        return [error for error in errors if self._is_of_this_start(error["timestamp"])]

    def _is_of_this_start(self, instant: str | None) -> bool:
        return instant is not None and datetime.fromisoformat(instant) >= self.started_at

    def _unfinished(self, dag_id: str, **asked: str) -> list[str]:
        found = self._get(f"dags/{dag_id}/dagRuns", state=list(UNFINISHED), limit=100, order_by="run_after", **asked)
        return [run["dag_run_id"] for run in found["dag_runs"]]

    def _awaits_approval(self, dag_id: str, run_id: str) -> bool:
        return any(task["state"] == AWAITING for task in self.tasks_of(dag_id, run_id))

    def _failure(self, dag_id: str, run_id: str) -> str:
        lines = [f"{dag_id} failed, run {run_id}"]
        for task in self.tasks_of(dag_id, run_id):
            if task["state"] == "failed":
                name = task["task_id"] + (f" [{task['map_index']}]" if task["map_index"] >= 0 else "")
                log = self._log_of(dag_id, run_id, task)
                lines += [f"  task {name}: {_reason(log)}", f"  its log: {log}"]
        return "\n".join(lines)

    def _log_of(self, dag_id: str, run_id: str, task: dict) -> Path:
        folder = self.folder / "logs" / f"dag_id={dag_id}" / f"run_id={run_id}" / f"task_id={task['task_id']}"
        if task["map_index"] >= 0:
            folder /= f"map_index={task['map_index']}"
        return folder / f"attempt={task['try_number']}.log"

    def _wait(self, is_done: Callable[[], bool], seconds: float, late: Exception) -> None:
        """Wait until something is so. While the services live, a question without an answer is asked again."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if is_done():
                    return
            except ServicesFailed as unanswered:
                late.__cause__ = unanswered
            for name, process in self.processes.items():
                if process.poll() is not None:
                    log = self.folder / f"{name}.log"
                    raise ServicesFailed(f"Airflow's {name} ended by itself. Its log: {log}\n{_last_lines(log)}")
            if time.monotonic() > deadline:
                raise late
            time.sleep(0.25)

    def _get(self, path: str, **params: object) -> dict:
        return _content(self._send("GET", path, params=params))

    def _call(self, method: str, path: str, body: dict) -> dict:
        return _content(self._send(method, path, json=body))

    def _send(self, method: str, path: str, **asked: object) -> httpx.Response:
        address = f"{self.api_url}/api/v2/{path}"
        try:
            for _ in range(2):
                headers = {"Authorization": f"Bearer {self.token()}"}
                answer = httpx.request(method, address, headers=headers, timeout=60, **asked)
                if answer.status_code != 401:
                    break
                self._token = None
        except httpx.HTTPError as error:
            raise ServicesFailed(f"{address} does not answer: {error}") from error
        return answer


@contextmanager
def airflow_services(
    home: Path, database_url: str, environment: dict[str, str], say: Callable[[str], None] = lambda line: None
) -> Iterator[Services]:
    """Start the services with their metadata in the database at `database_url` (made where it is missing), and
    end them at the end of the block, on Ctrl-C and on SIGTERM. `environment` is what the tasks will find.

    Waits while another program holds the services of this `home`. The services are still starting when the block
    begins: call wait_until_ready() before anything else. Raises ServicesFailed, WarehouseUnreachable."""
    folder = home / "airflow"
    folder.mkdir(parents=True, exist_ok=True)
    with _ended_by_signals(), _only_one(folder / "lock", say):
        memory = _remembered(folder)
        _end_marked(memory.mark)
        if is_taken(memory.port):
            memory = _remember(folder, memory, port=free_port())
        services = Services(folder, f"http://127.0.0.1:{memory.port}")
        settings = _settings(folder, memory, database_url, services.api_url)
        inherited = {name: value for name, value in environment.items() if not name.startswith("AIRFLOW")}
        try:
            memory = _migrate(folder, memory, database_url, {**inherited, **settings}, say)
            _make_logins(folder, memory, {**inherited, **settings}, say)
            services.started_at = datetime.now(UTC)
            for name, command in COMMANDS.items():
                services.processes[name] = _start(name, command, folder, {**inherited, **settings})
            yield services
        finally:
            _end_marked(memory.mark)


def _settings(folder: Path, memory: Memory, database_url: str, api_url: str) -> dict[str, str]:
    """Airflow's configuration, all of it in the environment."""
    address = sqlalchemy.make_url(database_url)
    # The driver of the asynchronous sessions has its own word for sslmode.
    async_query = {("ssl" if key == "sslmode" else key): value for key, value in address.query.items()}
    whole = {
        "CORE__AUTH_MANAGER": "dags.parts.rights.NarrowFabAuthManager",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "CORE__EXECUTION_API_SERVER_URL": f"{api_url}/execution/",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__FERNET_KEY": memory.fernet_key,
        "CORE__HOSTNAME_CALLABLE": "socket.gethostname",  # the default asks the network's name server
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__PARALLELISM": "3",
        "DATABASE__SQL_ALCHEMY_CONN": _address(address.set(drivername="postgresql+psycopg2")),
        "DATABASE__SQL_ALCHEMY_CONN_ASYNC": _address(address.set(drivername="postgresql+asyncpg", query=async_query)),
        "API__BASE_URL": api_url,
        "API__HOST": "127.0.0.1",
        "API__PORT": str(memory.port),
        "API__SECRET_KEY": memory.api_secret,
        "API__WORKERS": "1",
        "API_AUTH__JWT_SECRET": memory.jwt_secret,
        "DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT": "120",
        "CORE__DAGBAG_IMPORT_TIMEOUT": "100",
        "LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
        "LOGGING__COLORED_CONSOLE_LOG": "False",
        "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(folder / "logs" / "dag_processor"),
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        "USAGE_DATA_COLLECTION__ENABLED": "False",
        "WORKERS__EXECUTION_API_TIMEOUT": "60",  # a busy machine is no failure
        # Also the longest that Airflow may sleep before it sees that a task has ended; 5 s by default.
        "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    }
    ours = {f"AIRFLOW__{name}": value for name, value in whole.items()}
    # Airflow's processes give themselves titles; SPT_NOENV keeps these from being written over the mark.
    marked = {MARK: memory.mark, "SPT_NOENV": "1"}
    return {**ours, **marked, "AIRFLOW_HOME": str(folder), "PYTHONPATH": str(PROJECT)}


def _address(address: sqlalchemy.URL) -> str:
    return address.render_as_string(hide_password=False)


# What is remembered


def _remembered(folder: Path) -> Memory:
    try:
        return Memory(**json.loads((folder / "services.json").read_text()))
    except FileNotFoundError:
        memory = Memory(
            port=free_port(),
            mark=secrets.token_hex(8),
            fernet_key=base64.urlsafe_b64encode(os.urandom(32)).decode(),
            jwt_secret=secrets.token_urlsafe(48),
            api_secret=secrets.token_urlsafe(24),
        )
        return _remember(folder, memory)


def _remember(folder: Path, memory: Memory, **changes: object) -> Memory:
    memory = Memory(**{**asdict(memory), **changes})
    _write_secret(folder / "services.json", json.dumps(asdict(memory), indent=2))
    return memory


def _write_secret(target: Path, text: str) -> None:
    draft = target.with_name(target.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    os.replace(draft, target)


# Airflow's database


def _migrate(
    folder: Path, memory: Memory, database_url: str, environment: dict[str, str], say: Callable[[str], None]
) -> Memory:
    """Bring Airflow's tables to this version of Airflow, unless the last migration left them there."""
    _create_database(database_url)
    version = importlib.metadata.version("apache-airflow")
    if memory.migrated == f"{version} {_revision(database_url)}":
        return memory
    say("making Airflow's tables")
    _run(["airflow", "db", "migrate"], folder / "db-migrate.log", environment)
    return _remember(folder, memory, migrated=f"{version} {_revision(database_url)}", logins=None)


def _make_logins(folder: Path, memory: Memory, environment: dict[str, str], say: Callable[[str], None]) -> None:
    """Make roles, logins and their passwords, unless nothing changed since they were made."""
    passwords = folder / "passwords.json"
    if passwords.exists() and memory.logins == _state_of_logins(passwords):
        return
    say("making the logins of Airflow")
    _run(["dags.parts.logins", str(passwords)], folder / "logins.log", environment)
    _remember(folder, memory, logins=_state_of_logins(passwords))


def _state_of_logins(passwords: Path) -> str:
    """A hash of what the logins are made from."""
    content = passwords.read_bytes() + (PROJECT / "dags" / "parts" / "logins.py").read_bytes()
    return hashlib.sha256(content).hexdigest()


def _run(module: list[str], log: Path, environment: dict[str, str]) -> None:
    """Run a Python module of Airflow's side to its end. Raises ServicesFailed."""
    with log.open("wb") as output:
        command = [sys.executable, "-m", *module]
        ended = subprocess.run(command, check=False, env=environment, stdout=output, stderr=output)
    if ended.returncode != 0:
        raise ServicesFailed(f"{' '.join(module[:3])} failed. Its log: {log}\n{_last_lines(log)}")


def _create_database(url: str) -> None:
    try:
        connect(url).close()
        return
    except WarehouseUnreachable as error:
        unreachable = error
    address = sqlalchemy.make_url(url)
    try:
        with connect(_address(address.set(database="postgres")), autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("create database {}").format(psycopg.sql.Identifier(address.database)))
    except (WarehouseUnreachable, psycopg.Error) as error:
        raise WarehouseUnreachable(f"{unreachable}. It could not be made either: {error}") from error


def _revision(url: str) -> str | None:
    with connect(url) as connection:
        if connection.execute("select to_regclass('alembic_version')").fetchone()[0] is None:
            return None
        row = connection.execute("select version_num from alembic_version").fetchone()
        return row[0] if row else None


# Processes


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
            start_new_session=True,  # Ctrl-C is for us: we end them in our own order
        )


def _end_marked(mark: str) -> None:
    """End every process that carries the mark: services, their workers, tasks and what these started."""
    for kindly in (True, False):
        marked = _marked(mark)
        for process in marked:
            try:
                process.terminate() if kindly else process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(marked, timeout=SECONDS_TO_STOP if kindly else 3)
    if left := _marked(mark):
        raise ServicesFailed(f"Processes of Airflow cannot be ended: {[process.pid for process in left]}")


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
def _ended_by_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an exception, so that blocks end as they do on Ctrl-C."""

    def leave(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)  # once is enough: ending takes a few seconds
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _only_one(lock: Path, say: Callable[[str], None]) -> Iterator[None]:
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            say(f"Airflow of {lock.parent} is in use by process {file.read().strip()}: waiting until it ends")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


# Small change


def _content(answer: httpx.Response) -> dict:
    if answer.is_error:
        raise ServicesFailed(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:500]}")
    return answer.json()


def _reason(log: Path) -> str:
    """The message of the exception in a task's log, which has one JSON object a line."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return "failed"
    for line in reversed(lines):
        try:
            details = json.loads(line).get("error_detail")
        except (ValueError, AttributeError):
            continue
        if details:
            return f"{details[0]['exc_type']}: {details[0]['exc_value']}"
    return "failed"


def _last_lines(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    except OSError:
        return ""
