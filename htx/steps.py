"""The steps of the yearly cycle. The command line and the DAGs call these and nothing else.

Each step takes URLs and plain values and gives plain values back, so that a task of Airflow and a person at a
prompt do exactly the same. Errors: WarehouseUnreachable, InvalidReferenceData, RegistryShrunk, GateFailed,
DbtFailed, BuildOvertaken, BuildRolledBack, RollbackRefused, each with a sentence for who reads the log.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType

import psycopg

from expectations.errors import GateFailed
from expectations.reference.reference_checks import require_sound_plan
from ingestion.feedback import annotated_workbook, open_queries, outbox
from ingestion.feedback.duplicates import read_repeats
from ingestion.feedback.findings import finding_of
from ingestion.form.submission import ReceivedFile, RejectedFile, ReviewedFile
from ingestion.intake import inbox, raw_tables, registry_snapshots
from ingestion.intake.late_permits import LockException, exception_for, read_exceptions
from ingestion.intake.registry_snapshots import RegistryUnreadable
from ingestion.sandbox import parallel_parse
from ingestion.template import form_workbook, prefill
from ingestion.workbook.limits import LIMITS
from warehouse import roles
from warehouse.build import builds, dbt, input_fingerprints
from warehouse.connection import connect, create_schema
from warehouse.editions import deliveries, records, reproducibility
from warehouse.editions.records import Publication
from warehouse.editions.reproducibility import Difference
from warehouse.promote import promote, rollback
from warehouse.reference.catalogue import Reference, read_reference
from warehouse.reference.time_zone import VIET_NAM
from warehouse.restate import build_inputs, decision_scenarios

SEEDS = dbt.PROJECT / "seeds"
NEVER = datetime.max.replace(tzinfo=UTC)
BYTES_IN_A_BATCH = 500_000_000  # the files of a batch are held at the same time
FILES_IN_A_BATCH = 500  # reading and checking this many takes well under a minute and little memory

log = logging.getLogger(__name__)


def review(
    files: list[ReceivedFile],
    reference: Reference,
    exceptions: Sequence[LockException] = (),
    accepted_at: Mapping[str, datetime] = MappingProxyType({}),
) -> list[ReviewedFile]:
    """Read and check files, in the order given: the one function behind `htx check` and behind loading.

    A file that cannot be read as our form, or breaks a rule of severity error, is rejected with its findings;
    the others are accepted, whatever became of their neighbours.

    The lock of a year (F06) is the one rule that asks for more than the file: `exceptions` to it, and when files
    were accepted before (submission_id -> instant: the same bytes are received once, and not refused when they come
    again). Loading takes both from the warehouse; `htx check` has none, and so says what happens without an
    exception. All other findings are the same."""
    pending = parallel_parse.start_reading(files, reference)
    # the rules need Great Expectations, which takes seconds to import: meanwhile the files are read
    from expectations.submissions.check_submissions import check_submissions

    read = pending()
    submissions = {each.submission_id: each for each in read if not isinstance(each, RejectedFile)}
    used = _exceptions_used(submissions.values(), reference, exceptions)
    known = {each.submission_id for each in files if each.received_at >= accepted_at.get(each.submission_id, NEVER)}
    excepted = frozenset(known | used.keys())
    findings = check_submissions(list(submissions.values()), reference, excepted) if submissions else {}
    return [
        _rejected(file, found, reference)
        if isinstance(found, RejectedFile)
        else _judged(file, found, findings.get(file.submission_id, []), used.get(file.submission_id))
        for file, found in zip(files, read, strict=True)
    ]


def list_new_files(warehouse_url: str, inbox_url: str, files_in_a_batch: int = FILES_IN_A_BATCH) -> list[list[dict]]:
    """The files of the inbox that were not loaded yet, in the order of their receipt, in batches.

    A file is what inbox.InboxFile holds, as a dict, with its instant in ISO format."""
    reference = read_reference(SEEDS)
    with warehouse(warehouse_url) as connection:
        found = [asdict(each) for each in inbox.new_files(connection, inbox.list_inbox(inbox_url), reference.sha256)]
    for each in found:
        each["modified_at"] = each["modified_at"].isoformat()
    return _batches(found, files_in_a_batch)


def load_batch(warehouse_url: str, batch: list[dict], outbox_url: str | None = None) -> dict[str, int]:
    """Read, check and load one batch of list_new_files, and answer it. Counts of files: received, accepted,
    rejected."""
    found = [inbox.InboxFile(**{**each, "modified_at": datetime.fromisoformat(each["modified_at"])}) for each in batch]
    opened, files = [], []
    for each in found:
        try:
            files.append(inbox.read_file(each))
            opened.append(each)
        except OSError as error:  # gone since it was listed, or not ours to read: the others go on
            log.warning("%s/%s cannot be opened, and is left for the next run: %s", each.folder, each.file_name, error)
    reviewed = load_files(warehouse_url, files, opened, outbox_url)
    accepted = sum(each.verdict == "accepted" for each in reviewed)
    return {"received": len(reviewed), "accepted": accepted, "rejected": len(reviewed) - accepted}


def load_files(
    warehouse_url: str,
    files: list[ReceivedFile],
    sightings: Sequence[inbox.InboxFile] = (),
    outbox_url: str | None = None,
) -> list[ReviewedFile]:
    """Read, check and load files, in one transaction; what came of each, in the order given.

    `sightings`: where each lay in the inbox, in the same order; none for files loaded by hand.
    `outbox_url`: where the marked copies go, once all is loaded; nowhere when not given."""
    reference = read_reference(SEEDS)
    with warehouse(warehouse_url) as connection:
        exceptions = read_exceptions(connection)
        accepted_at = raw_tables.accepted_among(connection, [each.submission_id for each in files])
    reviewed = review(files, reference, exceptions, accepted_at)
    with warehouse(warehouse_url) as connection:
        raw_tables.write_reviewed(connection, reviewed, reference, sightings)
        said_before = read_repeats(connection, [each.file.submission_id for each in reviewed])
        if outbox_url:
            open_queries.owe_answers(connection, [each.file.submission_id for each in reviewed])
    reviewed = [replace(each, repeats=said_before.get(each.file.submission_id)) for each in reviewed]
    for each in reviewed:
        if each.verdict == "rejected":
            # news for the sender, not an outage: the run goes on
            log.warning("%s/%s: rejected, %s", each.file.folder, each.file.file_name, _first_error(each))
    if outbox_url:
        answered = answer(reviewed, reference, outbox_url)
        with warehouse(warehouse_url) as connection:
            known = open_queries.forget_copies(connection, [each.file.submission_id for each in reviewed])
            open_queries.settle_answers(connection, answered)
            _answer_owed(connection, reference, outbox_url)
        if known:  # files that came before, about which a build asked more than they show by themselves
            answer_queries(warehouse_url, outbox_url)
    return reviewed


def answer(reviewed: Sequence[ReviewedFile], reference: Reference, outbox_url: str) -> list[str]:
    """Put the marked copy of each file into the outbox; the ids of those that are answered. What is loaded stays
    loaded when that fails: it is logged, and the next load or build tries again."""
    try:
        copies = annotated_workbook.mark_all(reviewed, reference)
    except Exception:
        log.exception("no marked copies could be written")
        return []
    answered = []
    for each, copy in zip(reviewed, copies, strict=True):
        try:
            if copy is not None:
                outbox.put(outbox_url, each, copy, reference)
            answered.append(each.file.submission_id)
        except Exception:
            log.exception("%s/%s: its marked copy is not in the outbox", each.file.folder, each.file.file_name)
    return answered


def _answer_owed(connection: psycopg.Connection, reference: Reference, outbox_url: str) -> None:
    """Put those copies into the outbox that an earlier run owes. Files whose bytes are not kept get none."""
    verdicts = open_queries.owed_answers(connection)
    for start in range(0, len(verdicts), FILES_IN_A_BATCH):
        ids = list(verdicts)[start : start + FILES_IN_A_BATCH]
        files = open_queries.stored_files(connection, ids)
        findings, repeats = open_queries.open_findings(connection, ids), read_repeats(connection, ids)
        reviewed = [
            ReviewedFile(file, *_as_read(read), findings.get(id, []), verdicts[id], repeats=repeats.get(id))
            for file, read in zip(files, parallel_parse.read_all(files, reference), strict=True)
            for id in [file.submission_id]
        ]
        unkept = verdicts.keys() & set(ids) - {file.submission_id for file in files}
        open_queries.settle_answers(connection, [*answer(reviewed, reference, outbox_url), *unkept])
        connection.commit()


def answer_queries(warehouse_url: str, outbox_url: str) -> int:
    """Write the marked copies of files in force anew that do not say what the last build asks about them; how many
    were written. Copies that would say the same stay as they are. What fails is logged, and tried again next time."""
    reference = read_reference(SEEDS)
    written = 0
    with warehouse(warehouse_url) as connection:
        _answer_owed(connection, reference, outbox_url)
        waiting = open_queries.changed_copies(connection)
        for start in range(0, len(waiting), FILES_IN_A_BATCH):
            ids = list(waiting)[start : start + FILES_IN_A_BATCH]
            files = open_queries.stored_files(connection, ids)
            findings = open_queries.open_findings(connection, ids)
            reviewed = [
                ReviewedFile(file, *_as_read(read), findings.get(file.submission_id, []), "accepted")
                for file, read in zip(files, parallel_parse.read_all(files, reference), strict=True)
            ]
            answered = answer(reviewed, reference, outbox_url)
            open_queries.note_copies(connection, {id: waiting[id] for id in answered})
            connection.commit()
            written += len(answered)
    return written


def pull_registry(
    warehouse_url: str, registry_url: str, speaks_of: str | date | None = None, allow_shrink_because: str | None = None
) -> dict:
    """Pull a snapshot of the registry as of a day (today in Viet Nam when none is given).

    Raises RegistryShrunk when it holds fewer than 95 % of the rows of the snapshot before and no reason is given."""
    day = date.fromisoformat(speaks_of) if isinstance(speaks_of, str) else speaks_of or today()
    if day > today():
        raise RegistryUnreadable(f"The registry cannot speak of {day}: that day has not come yet.")
    with warehouse(warehouse_url) as connection:
        pulled = asdict(registry_snapshots.pull_registry(registry_url, connection, day, allow_shrink_because))
    return {**pulled, "speaks_of": day.isoformat()}


def prefilled_form(warehouse_url: str, unit_code: str, year: int) -> bytes:
    """The workbook that a unit fills in for a year, with what is known of it.

    LookupError when the unit is not on the roster of that year."""
    reference = read_reference(SEEDS)
    unit = reference.roster.get((year, unit_code))
    if unit is None:
        raise LookupError(f"The roster (reporting_roster.csv) has no unit {unit_code} for {year}.")
    with warehouse(warehouse_url) as connection:
        cover, sheets = prefill.known_values(connection, unit, year, reference)
    return form_workbook.write_workbook(reference.form_for(year), reference, cover, sheets, unit)


def validate_batch(warehouse_url: str, again: bool = False) -> dict:
    """Gate before dbt: is the reference data sound, and what was received whole and plausible? Raises GateFailed.

    Gives the build that the next steps are about: build_id, state_sha256, warnings, and whether anything changed
     since what is published; where not, `unchanged` is a sentence. What was published and rolled back counts as
    unchanged until it does change. `again`: build whether anything changed or not."""
    require_sound_plan(SEEDS)
    with warehouse(warehouse_url) as connection:
        state = input_fingerprints.read_fingerprint(connection)
        unchanged = None if again else _nothing_to_build(connection, state)
        changed = unchanged is None
        warnings = _warnings_of_batch(connection) if changed else []
    for warning in warnings:
        log.warning("%s", warning)
    build_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{state[:8]}"
    return {
        "build_id": build_id,
        "state_sha256": state,
        "changed": changed,
        "unchanged": unchanged,
        "warnings": warnings,
    }


def is_published(warehouse_url: str) -> bool:
    """Whether the public marts are those of all that was received, and of the models and reference data of now; or
    were, and somebody rolled them back."""
    with warehouse(warehouse_url) as connection:
        return _nothing_to_build(connection, input_fingerprints.read_fingerprint(connection)) is not None


def build_marts(warehouse_url: str, build: dict, output: Path) -> dict[str, int]:
    """Build seeds, models and their tests with dbt, beside what readers see. Raises DbtFailed.

    `output`: the folder for dbt's own files, its log among them."""
    stamp = build["build_id"], build["state_sha256"]
    with warehouse(warehouse_url) as connection, builds.building(connection, *stamp):
        done = dbt.run_dbt(warehouse_url, ["build", "--exclude-resource-type", "unit_test"], output)
        decision_scenarios.work_out(
            connection, build_inputs.keep_versions(connection, output, build["build_id"]), warehouse_url
        )
    log.info("dbt: %s", done.counts)
    return done.counts


def validate_marts(warehouse_url: str, build: dict) -> list[str]:
    """Gate after dbt, on what is not yet public. Raises GateFailed; the last published version then stays."""
    from expectations.gates.gates import validate_marts as gate

    with warehouse(warehouse_url) as connection:
        try:
            warnings = gate(connection).warnings
        except GateFailed:
            builds.mark_refused(connection, build["build_id"])
            raise
        builds.mark_validated(connection, build["build_id"])
    for warning in warnings:
        log.warning("%s", warning)
    return warnings


def publish_marts(warehouse_url: str, build: dict) -> None:
    """Make what was built and validated public, all of it at one instant."""
    with warehouse(warehouse_url) as connection:
        promote.publish(connection, build["build_id"], build["state_sha256"])


def build_warehouse(warehouse_url: str, output: Path, again: bool = False, outbox_url: str | None = None) -> dict:
    """The steps of a build, one after the other; what `htx build` does. Gives what validate_batch gives."""
    build = validate_batch(warehouse_url, again)
    if build["changed"]:
        build_marts(warehouse_url, build, output)
        build["warnings"] = [*build["warnings"], *validate_marts(warehouse_url, build)]
        publish_marts(warehouse_url, build)
    if outbox_url:
        answer_queries(warehouse_url, outbox_url)
    return build


def roll_back(warehouse_url: str, by: str, because: str | None = None) -> dict:
    """Bring the public tables back to the version before the last publication. Raises RollbackRefused.

    Gives the build that is public now, and how many rows of how many tables changed."""
    with warehouse(warehouse_url) as connection:
        changes = rollback.roll_back(connection, by, because)
        public = builds.published_build(connection)
    rows = sum(each.deleted + each.inserted for each in changes)
    return {"build_id": public, "tables": len(changes), "rows": rows}


def bring_roles_into_line(
    warehouse_url: str, login: str | None = None, group: str | None = None, password: str | None = None
) -> dict[str, list[str]]:
    """Give each group of roles.GROUPS its rights, make a login where one is named; the logins by group."""
    with warehouse(warehouse_url) as connection:
        roles.bring_into_line(connection)
        if login and group:
            roles.give_login(connection, login, group, password)
        return roles.members(connection)


def publish_figures(
    warehouse_url: str, kind: str, period: int, recipient: str, at: datetime, decided_by: str | None = None
) -> Publication:
    """Keep the figures of a report (annual of a year, phase_review of a phase) that somebody sent, as known at the
    instant of its sending, for ever.

    Raises PublicationRefused."""
    with warehouse(warehouse_url) as connection:
        kept = records.publish_figures(connection, kind, period, recipient, at)
        deliveries.record_sending(connection, kept.publication_id, recipient, at, decided_by, "recorded")
        return kept


def verify_publications(warehouse_url: str, publication_id: str | None = None) -> list[Difference]:
    """Work out again what was published, and say what would differ today: news, and no outage."""
    with warehouse(warehouse_url) as connection:
        found = reproducibility.verify_publications(connection, publication_id)
    for line in reproducibility.summary(found):
        log.warning("%s", line)
    return found


def today() -> date:
    """The day in Viet Nam."""
    return datetime.now(VIET_NAM).date()


@contextmanager
def warehouse(url: str) -> Iterator[psycopg.Connection]:
    """A connection to a warehouse that has its tables; committed at the end, rolled back on an error."""
    with connect(url) as connection:
        create_schema(connection)
        connection.commit()
        yield connection


def _batches(files: list[dict], most: int) -> list[list[dict]]:
    """The files in their order, so many at a time, and no more bytes of them than may be held at a time."""
    batches: list[list[dict]] = []
    held = 0
    for each in files:
        size = min(each["byte_count"], LIMITS.bytes)
        if not batches or len(batches[-1]) == most or held + size > BYTES_IN_A_BATCH:
            batches.append([])
            held = 0
        batches[-1].append(each)
        held += size
    return batches


def _nothing_to_build(connection: psycopg.Connection, state: str) -> str | None:
    """Why a build would bring nothing new; None where it would."""
    if builds.published_state(connection) == state:
        return "nothing changed since the last publication"
    return builds.rollback_of(connection, state)


def _warnings_of_batch(connection: psycopg.Connection) -> list[str]:
    # here and not above: a build that finds nothing changed need not wait for Great Expectations
    from expectations.gates.gates import validate_batch as gate

    return gate(connection).warnings


def _rejected(file: ReceivedFile, rejection: RejectedFile, reference: Reference) -> ReviewedFile:
    return ReviewedFile(file, None, rejection, [finding_of(reference, file.submission_id, rejection)], "rejected")


def _judged(file: ReceivedFile, submission, findings: Iterable, exception_id: str | None) -> ReviewedFile:
    findings = list(findings)
    broken = any(each.severity == "error" for each in findings)
    return ReviewedFile(file, submission, None, findings, "rejected" if broken else "accepted", exception_id)


def _exceptions_used(submissions, reference: Reference, exceptions: Sequence[LockException]) -> dict[str, str]:
    """submission_id -> id of the exception that lets it into a locked year."""
    found = {each.submission_id: exception_for(each, reference, exceptions) for each in submissions}
    return {submission_id: exception.exception_id for submission_id, exception in found.items() if exception}


def _as_read(read: parallel_parse.Read) -> tuple:
    """The submission or the rejection, where the other is None."""
    return (None, read) if isinstance(read, RejectedFile) else (read, None)


def _first_error(reviewed: ReviewedFile) -> str:
    first = next(each for each in reviewed.findings if each.severity == "error")
    return " ".join(filter(None, [first.rule_code, first.sheet_code, first.cell]))
