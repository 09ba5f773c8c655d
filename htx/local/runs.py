"""Runs of DAGs on a running Airflow: trigger, wait, fill in forms, through its REST API."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import urllib3
from airflow_client import client as rest
from airflow_client.client.exceptions import NotFoundException

from htx.local.errors import RunFailed, ServicesFailed
from warehouse.reference.phrases import phrase

PUBLISHING = ("publish_annual_report", "publish_phase_review")
DAGS = ("ingest_submissions", "ingest_registry", "build_warehouse", *PUBLISHING)
USER = "admin"
DRAFTS = "editions"  # the asset whose events trigger no build
UNFINISHED = ("queued", "running")
SECONDS_BETWEEN_QUESTIONS = 0.25
SECONDS_TO_START = 180
SECONDS_FOR_A_RUN = 1800


@contextmanager
def _answering() -> Iterator[None]:
    """Turn what the client raises into ServicesFailed."""
    try:
        yield
    except (rest.ApiException, urllib3.exceptions.HTTPError) as error:
        raise ServicesFailed(f"Airflow's REST API: {error}") from error


@dataclass
class Services:
    """Running services of Airflow, and the runs of its DAGs."""

    folder: Path
    api_url: str
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def wait_until_ready(self) -> None:
        """Wait until the DAG files have been parsed and the scheduler works; then mark runs as failed that a killed
        program left unfinished, and unpause the DAGs. A run whose form waits for a person goes on waiting.

        Raises ServicesFailed when a service ends, a DAG file cannot be read, or it takes too long."""
        self._wait(self._is_ready, SECONDS_TO_START, ServicesFailed(f"Airflow does not start; its logs: {self.folder}"))
        for error in self._import_errors():
            raise ServicesFailed(f"{error.filename} cannot be read:\n{error.stack_trace}")
        note = "Interrupted: the program that ran it ended."
        with _answering():
            for dag_id in DAGS:
                rest.DAGApi(self._client).patch_dag(dag_id, rest.DAGPatchBody(is_paused=False))
                for run_id in self._unfinished(dag_id, run_after_lt=self.started_at):
                    if not (dag_id in PUBLISHING and self._awaits_decision(dag_id, run_id)):
                        failed = rest.DAGRunPatchBody(state=rest.DagRunMutableStates.FAILED, note=note)
                        rest.DagRunApi(self._client).patch_dag_run(dag_id, run_id, failed)

    def password(self, login: str = USER) -> str:
        """The password of a login, from passwords.json; by default of the desk's user, `admin`."""
        return json.loads((self.folder / "passwords.json").read_text())[login]

    def client(self, login: str = USER) -> rest.ApiClient:
        """A client of the REST API with the rights of a login."""
        asked = {"username": login, "password": self.password(login)}
        with _answering():
            answer = urllib3.request("POST", f"{self.api_url}/auth/token", json=asked, timeout=60, retries=False)
            if answer.status >= 400:
                raise rest.ApiException.from_response(http_resp=answer, body=answer.data.decode(), data=None)
        return rest.ApiClient(rest.Configuration(host=self.api_url, access_token=answer.json()["access_token"]))

    @_answering()
    def trigger(self, dag_id: str, conf: dict | None = None) -> str:
        """Start a run of a DAG and return its id."""
        body = rest.TriggerDAGRunPostBody(logical_date=None, conf=conf or {})
        return rest.DagRunApi(self._client).trigger_dag_run(dag_id, body).dag_run_id

    def wait_for_run(self, dag_id: str, run_id: str, timeout: float = SECONDS_FOR_A_RUN) -> None:
        """Wait until a run has succeeded. Raises RunFailed when it failed or did not end in `timeout` seconds."""
        late = RunFailed(f"{dag_id}, run {run_id}, has not ended after {timeout:.0f} s: {self.api_url}/dags/{dag_id}")
        self._wait(lambda: self._state(dag_id, run_id) not in UNFINISHED, timeout, late)
        with _answering():
            if self._state(dag_id, run_id) != "success":
                raise RunFailed(self._failure(dag_id, run_id))

    def wait_for_builds_after(self, runs: dict[str, list[str]], timeout: float = SECONDS_FOR_A_RUN) -> list[str]:
        """Wait for the runs triggered by the asset events of `runs` ({dag id: run ids}, ended), and for any other run
        of build_warehouse. Returns the ids of the triggered runs; none when nothing was new.

        Raises RunFailed."""
        following: dict[str, None] = {}

        def have_begun() -> bool:
            """Whether every event has its run; Airflow joins events that come during a run."""
            for dag_id, run_ids in runs.items():
                for run_id in run_ids:
                    # Airflow 3.3.2 answers 500 while the run of an event is queued: _wait asks again
                    announced = rest.AssetApi(self._client).get_asset_events(source_dag_id=dag_id, source_run_id=run_id)
                    for event in announced.asset_events:
                        if event.name == DRAFTS:
                            continue
                        if not event.created_dagruns:
                            return False
                        following.update({run.run_id: None for run in event.created_dagruns})
            return True

        late = RunFailed(f"No run of build_warehouse began within {timeout:.0f} s after new data: {self.folder}")
        self._wait(have_begun, timeout, late)
        with _answering():
            unfinished = self._unfinished("build_warehouse")
        for run_id in [*following, *unfinished]:
            self.wait_for_run("build_warehouse", run_id, timeout)
        return list(following)

    @_answering()
    def result_of(self, dag_id: str, run_id: str, task_id: str) -> Any:
        """What a task returned; None when it returned nothing or was skipped."""
        try:
            entry = rest.XComApi(self._client).get_xcom_entry(dag_id, task_id, run_id, "return_value", deserialize=True)
        except NotFoundException:
            return None
        return getattr(entry.actual_instance, "value", None)

    def asks(self, dag_id: str, run_id: str, timeout: float = SECONDS_FOR_A_RUN) -> bool:
        """Wait until the form of a run waits for a person (True), or it has ended without one. Raises RunFailed."""

        def has_asked_or_ended() -> bool:
            return self._awaits_decision(dag_id, run_id) or self._state(dag_id, run_id) not in UNFINISHED

        late = RunFailed(f"{dag_id}, run {run_id}, asks nothing after {timeout:.0f} s: {self.api_url}/dags/{dag_id}")
        self._wait(has_asked_or_ended, timeout, late)
        with _answering():
            is_asking = self._awaits_decision(dag_id, run_id)
        if not is_asking:
            self.wait_for_run(dag_id, run_id, timeout)
        return is_asking

    @_answering()
    def decide(self, dag_id: str, run_id: str, decision: str, **given: object) -> None:
        """Fill in the form of a run as the desk's user: a decision (sign, issue, return, refuse) and its fields."""
        filled = rest.UpdateHITLDetailPayload(chosen_options=[phrase(f"decision.{decision}")], params_input=given)
        rest.TaskInstanceApi(self._client).update_hitl_detail(dag_id, run_id, "decide", -1, filled)

    @_answering()
    def awaiting_decision(self, dag_id: str) -> list[str]:
        """The runs of a DAG whose form waits for a person, the oldest first."""
        return [run_id for run_id in self._unfinished(dag_id) if self._awaits_decision(dag_id, run_id)]

    @_answering()
    def tasks_of(self, dag_id: str, run_id: str) -> list[rest.TaskInstanceResponse]:
        """The tasks of a run."""
        return rest.TaskInstanceApi(self._client).get_task_instances(dag_id, run_id, limit=100).task_instances

    @cached_property
    def _client(self) -> rest.ApiClient:
        return self.client()

    def _is_ready(self) -> bool:
        beat = rest.MonitorApi(self._client).get_health().scheduler.latest_scheduler_heartbeat
        if beat is None or not self._is_of_this_start(datetime.fromisoformat(beat)):
            return False
        if self._import_errors():
            return True  # raised by wait_until_ready
        try:
            parsed_at = [rest.DAGApi(self._client).get_dag(dag_id).last_parsed_time for dag_id in DAGS]
        except NotFoundException:
            return False
        return all(self._is_of_this_start(instant) for instant in parsed_at)

    def _import_errors(self) -> list[rest.ImportErrorResponse]:
        errors = rest.ImportErrorApi(self._client).get_import_errors().import_errors
        return [error for error in errors if self._is_of_this_start(error.timestamp)]

    def _is_of_this_start(self, instant: datetime | None) -> bool:
        return instant is not None and instant >= self.started_at

    def _state(self, dag_id: str, run_id: str) -> str:
        return rest.DagRunApi(self._client).get_dag_run(dag_id, run_id).state.value

    def _unfinished(self, dag_id: str, **conditions: Any) -> list[str]:
        found = rest.DagRunApi(self._client).get_dag_runs(
            dag_id, state=list(UNFINISHED), limit=100, order_by=["run_after"], **conditions
        )
        return [run.dag_run_id for run in found.dag_runs]

    def _awaits_decision(self, dag_id: str, run_id: str) -> bool:
        return any(task.state == "awaiting_input" for task in self.tasks_of(dag_id, run_id))

    def _failure(self, dag_id: str, run_id: str) -> str:
        lines = [f"{dag_id} failed, run {run_id}"]
        for task in self.tasks_of(dag_id, run_id):
            if task.state == "failed":
                name = task.task_id + (f" [{task.map_index}]" if task.map_index >= 0 else "")
                log = self._log_of(dag_id, run_id, task)
                lines += [f"  task {name}: {_reason(log)}", f"  its log: {log}"]
        return "\n".join(lines)

    def _log_of(self, dag_id: str, run_id: str, task: rest.TaskInstanceResponse) -> Path:
        folder = self.folder / "logs" / f"dag_id={dag_id}" / f"run_id={run_id}" / f"task_id={task.task_id}"
        if task.map_index >= 0:
            folder /= f"map_index={task.map_index}"
        return folder / f"attempt={task.try_number}.log"

    def _wait(self, is_done: Callable[[], bool], seconds: float, late: Exception) -> None:
        """Poll until something is so, also through errors of the REST API while the services live."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                with _answering():
                    if is_done():
                        return
            except ServicesFailed as unanswered:
                late.__cause__ = unanswered
            for name, process in self.processes.items():
                if process.poll() is not None:
                    log = self.folder / f"{name}.log"
                    raise ServicesFailed(f"Airflow's {name} ended by itself. Its log: {log}\n{last_lines(log)}")
            if time.monotonic() > deadline:
                raise late
            time.sleep(SECONDS_BETWEEN_QUESTIONS)


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


def last_lines(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    except OSError:
        return ""
