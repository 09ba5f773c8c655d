"""`make run`: the example province through Airflow; `make serve`: Airflow until Ctrl-C.

The example's files are dropped into the inbox year by year, in the order of their receipt, and the registry database is
replaced by its state on each day of a pull. At the end the report of the last year and the review of its phase are
published, signed and issued in the Union's place, as of the instants at which they would have gone. Idempotent:
whatever is in the warehouse already is skipped, so that running again completes an interrupted run. Airflow is not
started where nothing is left to do.
"""

import os
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import sqlalchemy

from htx import environment
from htx.example.deliveries import Delivery, read_deliveries
from htx.local.airflow import airflow_services
from htx.local.errors import RunFailed, ServicesFailed
from htx.local.runs import Services
from reporting.content.recipients import read_recipients
from warehouse.connection import connect, place_of, scalar
from warehouse.editions.readiness import readiness_of
from warehouse.example_mark import mark_as_example
from warehouse.migrations import migrate
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import plan_folder, read_reference
from warehouse.reference.time_zone import VIET_NAM
from warehouse.server import embedded

SCHEDULED = (
    "ingest_submissions", "ingest_registry", "verify_publications", "publish_annual_report", "publish_phase_review",
    "remind_reporting_units", "notify_union", "back_up_warehouse", "rehearse_restore", "clean_airflow",
    "export_open_data",
)  # fmt: skip
PLACES = ("REGISTRY_URL", "INBOX_URL", "OUTBOX_URL", "REPORTS_URL")
PUBLISHED_BY = {"annual": ("publish_annual_report", "report_year"), "phase_review": ("publish_phase_review", "phase")}


def run(home: Path, seed: int = 1) -> list[str]:
    """Play the example province of a seed through Airflow, until its figures are public in the warehouse and its
    reports are sent. Gives the addresses of their documents.

    Progress goes to stderr; everything is kept below `home`. Raises RunFailed (the message names task and log),
    ServicesFailed and WarehouseUnreachable."""
    progress = _progress()
    progress(f"everything is kept in {home}")
    url = _migrated_warehouse(progress)
    if documents := _documents_if_done(home, url):
        progress("nothing is new in the inbox, in the plan and in the models; the reports are sent")
        return documents
    _require_example(url)
    own = {
        **{f"{name}{file}": "" for name in PLACES for file in ("", "_FILE")},  # those of `home`
        **{f"{dag_id.upper()}_SCHEDULE": "never" for dag_id in SCHEDULED},  # we say when
    }
    with _in_background(_example, home, seed, progress) as example, _airflow(home, url, own, progress) as services:
        stages = _stages(example.result())
        services.wait_until_ready()
        progress(f"Airflow is up: {services.api_url}")
        before = [stage for stage, deliveries in stages.items() if _is_loaded(url, deliveries)]
        for stage, deliveries in stages.items():
            if stage in before:
                progress(f"{stage}: loaded before")
            else:
                _play(services, home, stage, deliveries, progress)
        if len(before) == len(stages):
            # other files may lie in the inbox; reference data or models may have been edited
            with _timed(progress, "inbox and marts") as outcome:
                runs = {dag_id: [services.trigger(dag_id)] for dag_id in ("ingest_submissions", "build_warehouse")}
                for dag_id, [run_id] in runs.items():  # the build waits for the ingest
                    services.wait_for_run(dag_id, run_id)
                outcome.append(_outcome_of_files(services, *runs["ingest_submissions"]))
                following = services.wait_for_builds_after({"ingest_submissions": runs["ingest_submissions"]})
                outcome.append(_outcome_of_builds(services, [*runs["build_warehouse"], *following]))
        return _publish_reports(services, url, max(stages), progress)


def serve(home: Path) -> None:
    """Keep the warehouse and Airflow up until Ctrl-C, with the schedules of the DAG files, and say where they are.

    Raises ServicesFailed, also when a service dies later, and WarehouseUnreachable."""
    progress = _progress()
    url = _migrated_warehouse(progress)
    (home / "inbox").mkdir(parents=True, exist_ok=True)
    with _airflow(home, url, {}, progress) as services:
        services.wait_until_ready()
        progress(f"Airflow is up: {services.api_url}")
        progress(f"log in as admin, or as report-trigger; the passwords are in {services.folder / 'passwords.json'}")
        progress("Ctrl-C ends it")
        try:
            while not (dead := [name for name, process in services.processes.items() if process.poll() is not None]):
                time.sleep(1)
            raise ServicesFailed(f"Airflow's {dead[0]} ended by itself. Its log: {services.folder / dead[0]}.log")
        except KeyboardInterrupt:
            progress("stopping Airflow")


def _documents_if_done(home: Path, url: str) -> list[str]:
    """The addresses of the reports' documents if all is loaded, built, published and sent; otherwise none."""
    if not (home / "example").exists():
        return []
    # imported here: a first run starts Airflow a second earlier without them
    from htx import steps
    from htx.editions import requests

    stages = _stages(home / "example")
    if not all(_is_loaded(url, deliveries) for deliveries in stages.values()):
        return []
    if steps.list_new_files(url, f"file://{home / 'inbox'}") or not steps.is_up_to_date(url):
        return []
    documents = []
    for kind, period in _reports(max(stages)):
        at = when_it_goes(url, kind, period).isoformat()
        request = {"kind": kind, PUBLISHED_BY[kind][1]: period, "at": at, "as_of": None, "force_because": None}
        outcome = requests.publish(url, request, f"file://{home / 'reports'}", other_runs=0)
        if not outcome["published"] or outcome["is_new"] or outcome["awaits_approval"]:
            return []
        documents += outcome["documents"]
    return documents


def _play(
    services: Services, home: Path, stage: int, deliveries: list[Delivery], progress: Callable[[str], None]
) -> None:
    """Drop what belongs to a stage, and wait for what follows from it."""
    files = [each for each in deliveries if each.kind == "file"]
    for each in files:
        _put(each.path, home / "inbox" / each.folder / each.file_name, home, each.received_at)
    progress(f"{stage}: {len(files)} files dropped into the inbox")
    # Started first, so that the build which the registry brings about waits for the files.
    runs = {"ingest_submissions": [services.trigger("ingest_submissions")], "ingest_registry": []}
    for each in deliveries:
        if each.kind == "registry":
            with _timed(progress, f"{stage}: registry of {each.speaks_of}") as outcome:
                _put(each.path, home / "registry.sqlite", home)
                run_id = services.trigger("ingest_registry", {"speaks_of": each.speaks_of.isoformat()})
                services.wait_for_run("ingest_registry", run_id)
                runs["ingest_registry"].append(run_id)
                pulled = services.result_of("ingest_registry", run_id, "announce")
                outcome.append("pulled" if pulled else "as it was")
    with _timed(progress, f"{stage}: files") as outcome:
        [run_id] = runs["ingest_submissions"]
        services.wait_for_run("ingest_submissions", run_id)
        outcome.append(_outcome_of_files(services, run_id))
    with _timed(progress, f"{stage}: marts") as outcome:
        outcome.append(_outcome_of_builds(services, services.wait_for_builds_after(runs)))


def _outcome_of_files(services: Services, run_id: str) -> str:
    counts = services.result_of("ingest_submissions", run_id, "announce")
    return f"{counts['accepted']} accepted, {counts['rejected']} rejected" if counts else "nothing new"


def _outcome_of_builds(services: Services, run_ids: list[str]) -> str:
    """What the run that built came to, step by step; the others found that nothing had changed."""
    for run_id in run_ids:
        tasks = {task.task_id: task for task in services.tasks_of("build_warehouse", run_id)}
        if tasks["promote_marts"].state == "success":
            steps = ("validate_batch", "build_marts", "validate_marts", "promote_marts")
            return "promoted; " + ", ".join(f"{step} {tasks[step].duration:.0f} s" for step in steps)
    return "nothing changed"


def _publish_reports(services: Services, url: str, report_year: int, progress: Callable[[str], None]) -> list[str]:
    """Publish and send the report of a year, then the review of its phase, which says that the first was sent. Gives
    their documents."""
    documents = []
    for kind, period in _reports(report_year):
        answer, issued = _publish(services, url, kind, period, progress)
        documents += answer["documents"]
        if issued:
            with _timed(progress, "marts with the day of issue") as outcome:
                outcome.append(_outcome_of_builds(services, services.wait_for_builds_after(issued)))
    return documents


def _reports(report_year: int) -> list[tuple[str, int]]:
    """(kind, period) of the report of a year and of the review of its phase."""
    return [("annual", report_year), ("phase_review", read_reference(plan_folder()).cycles[report_year].phase)]


def _publish(
    services: Services, url: str, kind: str, period: int, progress: Callable[[str], None]
) -> tuple[dict, dict[str, list[str]]]:
    """Have Airflow publish a report at the instant at which it is due, and record it as signed and issued on that day.
    Gives its answer, and the runs that issued something, {dag id: run ids}, none where none did."""
    dag_id, name = PUBLISHED_BY[kind]
    at = when_it_goes(url, kind, period)
    with _timed(progress, f"{period}: annual report" if kind == "annual" else f"phase {period}: review") as outcome:
        on = at.astimezone(VIET_NAM).date()
        day, recipients = on.isoformat(), read_recipients(plan_folder(), kind, on)

        def paper() -> dict:
            numbers = {f"number_{each.recipient}": _next_number(url) for each in recipients}
            return {**numbers, "signed_on": day, "signer": phrase("example_signer"), "issued_on": day,
                    "channel": "exchange", "send_copy": True}  # fmt: skip

        left = services.awaiting_decision(dag_id)  # by a run that was interrupted
        for waiting in left:
            services.decide(dag_id, waiting, "issue", **paper())
            services.wait_for_run(dag_id, waiting)
        run_id = services.trigger(dag_id, {name: period, "kind": kind, "as_of": at.isoformat()})
        if is_issued := services.asks(dag_id, run_id):
            services.decide(dag_id, run_id, "issue", **paper())
        services.wait_for_run(dag_id, run_id)
        answer = services.result_of(dag_id, run_id, "answer")
        if not answer["published"]:
            raise RunFailed(f"{dag_id}, run {run_id}, published nothing: {answer['answer_vi']}")
        version = f"version {answer['version']}"
        outcome.append(f"published, {version}" if answer["is_new"] else f"the same as {version}")
        if is_issued and answer["sent"]:
            outcome.append(f"signed and issued here as the Union would, copies mailed to {', '.join(answer['sent'])}")
        elif is_issued:  # the Union's own words are missing: no answer would sign it
            outcome.append(f"left as a draft: {answer['answer_vi']}")
    issued = [*left, *([run_id] if is_issued and answer["sent"] else [])]
    return answer, {dag_id: issued} if issued else {}


def _next_number(url: str) -> str:
    """The number after the highest that a paper has, in two digits."""
    query = "select coalesce(max(substring(paper_number from '^[0-9]+')::integer), 0) + 1 from raw.publication_states"
    with connect(url) as connection:
        return f"{scalar(connection, query):02}"


def when_it_goes(url: str, kind: str, period: int) -> datetime:
    """When a report goes at the latest; where something arrived later still, then; and after all that was sent."""
    with connect(url) as connection:
        goes_at = readiness_of(connection, kind, period)["goes_at"]
        row = connection.execute(
            """
            select greatest(
                (select max(received_at) from raw.received_files where verdict = 'accepted'),
                (select max(speaks_of) from raw.registry_snapshots)::timestamp at time zone %s,
                (select max(known_at) + interval '1 minute' from raw.publication_issues)
            )
            """,
            [VIET_NAM.key],
        ).fetchone()
    return max(goes_at, *(row or ()))


@contextmanager
def _in_background(function: Callable[..., Path], *arguments: object) -> Iterator[Future[Path]]:
    """Run a function in a thread, meanwhile the block."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(function, *arguments)


def _example(home: Path, seed: int, progress: Callable[[str], None]) -> Path:
    """The folder of the example province, written whole or not at all."""
    from htx.example import write_example

    folder = home / "example"
    if not folder.exists():
        with _timed(progress, "the example province") as outcome:
            write_example(folder, seed=seed)
            outcome.append("written")
    return folder


def _stages(example: Path) -> dict[int, list[Delivery]]:
    """{report year: its deliveries, in order}."""
    stages = defaultdict(list)
    for each in read_deliveries(example):
        stages[each.report_year].append(each)
    return dict(stages)


def _require_example(url: str) -> None:
    """Mark an empty warehouse as the example's: an invented province, which sets the clock, must not get into one that
    somebody works with."""
    try:
        with connect(url) as connection:
            mark_as_example(connection)
    except psycopg.errors.RestrictViolation as error:
        raise RunFailed(
            f"The warehouse at {place_of(url)} holds files and is not marked as that of the example province, which"
            " this command plays. Set HTX_HOME to a new folder, without WAREHOUSE_URL, or use `htx serve`."
        ) from error


def _is_loaded(url: str, deliveries: list[Delivery]) -> bool:
    """Whether all that arrives in a stage is in the warehouse already."""
    files = {(each.folder, each.sha256) for each in deliveries if each.kind == "file"}
    days = {each.speaks_of for each in deliveries if each.kind == "registry"}
    with connect(url) as connection:
        received = set(connection.execute("select folder, sha256 from raw.received_files").fetchall())
        pulled = {day for (day,) in connection.execute("select speaks_of from raw.registry_snapshots")}
    return files <= received and days <= pulled


def _put(source: Path, target: Path, home: Path, arrived_at: datetime | None = None) -> None:
    """Copy a file to its place atomically, with the given time of change."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = home / "arriving"
    shutil.copyfile(source, draft)
    if arrived_at:
        instant = arrived_at.timestamp()
        os.utime(draft, (instant, instant))
    os.replace(draft, target)


def _migrated_warehouse(progress: Callable[[str], None]) -> str:
    """The URL of the warehouse, which is up and migrated."""
    url = environment.warehouse_url()
    with connect(url) as connection:
        migrate(connection)
    progress(f"PostgreSQL is up: {place_of(url)}")
    return url


def _airflow(
    home: Path, url: str, own: dict[str, str], progress: Callable[[str], None]
) -> AbstractContextManager[Services]:
    """Airflow's services, with their database beside the warehouse on the same server. `own`: settings of its tasks."""
    if environment.has_own_server():
        database = embedded.url(home, "airflow")
    else:
        address = sqlalchemy.make_url(url)
        database = address.set(database=f"{address.database}_airflow").render_as_string(hide_password=False)
    tasks = environment.of_children(HTX_HOME=str(home), WAREHOUSE_URL=url, **own)
    return airflow_services(home, database, tasks, progress)


def _progress() -> Callable[[str], None]:
    """A function that writes a line of progress to stderr, with the seconds since now."""
    began = time.monotonic()

    def progress(line: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {line}", file=sys.stderr, flush=True)

    return progress


@contextmanager
def _timed(progress: Callable[[str], None], what: str) -> Iterator[list[str]]:
    """Print at the end of the block its outcome (what the block puts into the list) and how long it took."""
    began = time.monotonic()
    outcome: list[str] = []
    yield outcome
    progress(f"{what}: {'; '.join(outcome)} ({time.monotonic() - began:.1f} s)")
