"""A report year of the example province, day by day: `python -m tests.rehearsal.rehearsal URL FOLDER YEAR` plays it in
an empty warehouse, with files below FOLDER, and prints its events as JSON.

From mid-October to early January each morning runs as in production: new files are loaded, the registry is pulled,
units are reminded, the yearly report is published when it is due, signed and issued. Then the final figures arrive, a
late file is submitted to the locked year and must be rejected, and the figures are compared with the answer key. A
failure does not end the year: it is recorded with its day.

Unlike production, the marts are built only on mornings with a reminder or a publication, not after every file.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from pathlib import Path

import openpyxl

from htx import environment, steps, submission_status
from htx.editions import copies, papers, workflow
from htx.example import write_example
from htx.example.deliveries import read_deliveries
from htx.mail import reminders
from ingestion.workbook.received_file import ReceivedFile
from warehouse.connection import connect
from warehouse.example_mark import mark_as_example
from warehouse.reference.csv_rows import read_rows
from warehouse.reference.deadlines import due_at
from warehouse.reference.reference_data import SEEDS, Reference, read_reference
from warehouse.reference.time_zone import VIET_NAM

FIRST_DAY, LAST_DAY = (10, 15), (1, 5)  # month and day: of the report year, of the year after it
MORNING = time(8, tzinfo=VIET_NAM)
SIGNER, CLERK = "Chủ tịch", "rehearsal"
REPORTED = ("on_time", "on_due_day", "late")
LOCK_RULE = "F06"
COUNTED_BY_PUBLISHING = ("T17", "T18")
"""indicators of published reports, of which the answer key has none"""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """An event or failure of a day."""

    on: str
    what: str
    """files, registry, build, reminders, publication, sending, lock, figures"""
    message: str
    failed: bool = False


@dataclass
class Journal:
    """Events in order."""

    events: list[Event] = field(default_factory=list)

    def note(self, day: date, what: str, message: str, failed: bool = False) -> None:
        self.events.append(Event(day.isoformat(), what, message, failed))
        log.log(logging.ERROR if failed else logging.INFO, "%s %s: %s", day, what, message)

    @contextmanager
    def attempt(self, day: date, what: str) -> Iterator[None]:
        """Record a failure of the block, and go on."""
        try:
            yield
        except Exception as error:
            log.exception("%s %s", day, what)
            self.note(day, what, f"{type(error).__name__}: {error}", failed=True)


class Rehearsal:
    """A year in an empty warehouse; `folder` gets the example, the outbox, the reports and dbt's own files."""

    def __init__(self, url: str, folder: Path, year: int):
        self.url, self.folder, self.year = url, folder, year
        with connect(url) as connection:
            mark_as_example(connection)
        self.example = folder / "example"
        write_example(self.example, seed=1)
        self.deliveries = read_deliveries(self.example)
        self.reference: Reference = read_reference(SEEDS)
        self.journal = Journal()
        self.outbox, self.reports = (folder / "outbox").as_uri(), (folder / "reports").as_uri()
        self.delivered: set[Path] = set()

    def run(self) -> Journal:
        first = datetime.combine(date(self.year, *FIRST_DAY), MORNING)
        last = datetime.combine(date(self.year + 1, *LAST_DAY), MORNING)
        locked = datetime.combine(self.reference.cycles[self.year].locked_from + timedelta(days=1), MORNING)
        self._deliver(first)
        at = first
        while at <= last:
            self._morning(at)
            at += timedelta(days=1)
        self._deliver(locked)
        self._build(locked)
        self._publish(locked, "annual", self.year)
        self._check(locked)
        self._submit_to_the_locked_year(locked)
        return self.journal

    def _morning(self, at: datetime) -> None:
        self._deliver(at)
        day = at.date()
        if self._is_read(at):
            self._build(at)
        with self.journal.attempt(day, "reminders"):
            counts = reminders.remind_units(self.url, at, self.outbox)
            if any(counts.values()):
                message = f"letters to {', '.join(self._reminded(at))}; {counts['nothing_owed']} units done"
                self.journal.note(day, "reminders", message)
        self._publish_what_is_due(at)

    def _reminded(self, at: datetime) -> list[str]:
        """Addressees of the letters sent at an instant: codes of units, and union."""
        query = "select addressee from quality.reminders where decided_at = %s and state = 'sent' order by addressee"
        with connect(self.url) as connection:
            return [addressee for (addressee,) in connection.execute(query, [at])]

    def _deliver(self, until: datetime) -> None:
        """Load what arrived before an instant and was not loaded yet."""
        due = [
            each
            for each in self.deliveries
            if each.report_year <= self.year and each.received_at < until and each.path not in self.delivered
        ]
        day = until.date()
        for each in due:
            self.delivered.add(each.path)
            if each.kind == "registry":
                with self.journal.attempt(day, "registry"):
                    steps.pull_registry(self.url, f"sqlite:///{each.path}", each.path.stem)
                    self.journal.note(day, "registry", f"pulled as of {each.path.stem}")
        files = [each for each in due if each.kind == "file"]
        with self.journal.attempt(day, "files"):
            received = [each.received() for each in files]
            verdicts = [each.verdict for each in steps.load_files(self.url, received)] if received else []
            for each, verdict in zip(files, verdicts, strict=True):
                if verdict != each.expected_verdict:
                    self.journal.note(day, "files", f"{each.file_name}: {verdict}", failed=True)
            if verdicts:
                accepted = verdicts.count("accepted")
                self.journal.note(day, "files", f"{accepted} accepted, {len(verdicts) - accepted} rejected")

    def _is_read(self, at: datetime) -> bool:
        """Whether the marts are needed that morning: a reminder is due, or all reports are in."""
        if at.date() in self.reminder_days:
            return True
        if any(each.what == "publication" for each in self.journal.events):
            return False
        states = submission_status.of_year(self.url, self.year, at)
        return all(each["state"] in REPORTED for each in states if each["mandatory"])

    @cached_property
    def reminder_days(self) -> set[date]:
        with connect(self.url) as connection:
            dues = {due_at(connection, self.reference, unit) for unit in self.reference.roster_of(self.year)}
        return {reminder.day(due) for due in dues for reminder in reminders.read_schedule()}

    def _build(self, at: datetime) -> None:
        with self.journal.attempt(at.date(), "build"):
            if not any(each.kind == "file" and each.path in self.delivered for each in self.deliveries):
                return  # no file yet
            built = steps.build_warehouse(self.url, self.folder / "dbt", outbox_url=self.outbox)
            if built["changed"]:
                self.journal.note(at.date(), "build", f"published, {len(built['warnings'])} warnings")

    def _publish_what_is_due(self, at: datetime) -> None:
        with self.journal.attempt(at.date(), "publication"):
            if workflow.due_publications(self.url, at):
                self._build(at)
            for kind, period in workflow.due_publications(self.url, at):
                self._publish(at, kind, period)

    def _publish(self, at: datetime, kind: str, period: int) -> None:
        """Publish, sign and issue as a clerk records it, and mail the copies."""
        day = at.date()
        with self.journal.attempt(day, "publication"):
            published = workflow.publish_report(self.url, kind, period, at, self.reports)
            self.journal.note(day, "publication", published["answer_vi"], failed=not published["published"])
            if published["is_new"]:
                id = published["publication_id"]
                described = workflow.described(self.url, id)
                number = f"{1 + sum(each.what == 'sending' for each in self.journal.events):02}"
                numbers = dict.fromkeys((each["recipient"] for each in described["papers"]), number)
                papers.sign(self.url, id, numbers, day, SIGNER, CLERK, at)
                papers.issue(self.url, id, day, "exchange", CLERK, at)
                sent = copies.send_copies(self.url, id, CLERK, at, self.outbox)
                self.journal.note(day, "sending", sent["answer_vi"])

    def _submit_to_the_locked_year(self, at: datetime) -> None:
        """Submit a report with new bytes after the lock: it must be rejected."""
        last = [
            each for each in self.deliveries if each.report_year == self.year and each.expected_verdict == "accepted"
        ]
        book, copy = openpyxl.load_workbook(last[-1].path), BytesIO()
        book.save(copy)
        with self.journal.attempt(at.date(), "lock"):
            late = ReceivedFile(last[-1].folder, f"late {last[-1].file_name}", at, copy.getvalue())
            [reviewed] = steps.load_files(self.url, [late])
            rules = sorted({each.rule_code for each in reviewed.findings if each.severity == "error"})
            is_rejected = reviewed.verdict == "rejected" and rules == [LOCK_RULE]
            message = f"a late file was {reviewed.verdict} ({', '.join(rules) or 'no rule broken'})"
            self.journal.note(at.date(), "lock", message, failed=not is_rejected)

    def _check(self, at: datetime) -> None:
        """Compare the figures of the year with the answer key."""
        day = at.date()
        with self.journal.attempt(day, "figures"):
            wrong = self._wrong_figures()
            for message in wrong:
                self.journal.note(day, "figures", message, failed=True)
            if not wrong:
                self.journal.note(day, "figures", "the targets table is that of the answer key")
        first = [each for each in self.journal.events if each.what == "sending"][:1]
        province_due = datetime.combine(self.reference.cycles[self.year].province_due_before, time(), VIET_NAM)
        if not first or date.fromisoformat(first[0].on) >= province_due.date():
            self.journal.note(day, "sending", "the report was not sent in time", failed=True)

    def _wrong_figures(self) -> list[str]:
        """Rows of the targets table that differ from the answer key, in words."""
        columns = "value", "value_low", "value_high", "target", "verdict"
        expected = {
            row["indicator_code"]: [row[column] for column in columns]
            for row in read_rows(self.example / "answer_key" / "annual_targets.csv")
            if row.integer("report_year") == self.year and row["indicator_code"] not in COUNTED_BY_PUBLISHING
        }
        query = f"select indicator_code, {', '.join(columns)} from reports.rpt_annual_targets where report_year = %s"
        with connect(self.url) as connection:
            found = {code: figures for code, *figures in connection.execute(query, [self.year])}
        return [
            f"{code}: {found.get(code)} instead of {figures}"
            for code, figures in expected.items()
            if code not in found or not all(map(_is_same, found[code], figures))
        ]


def _is_same(found: Decimal | str | None, expected: str) -> bool:
    """Whether a figure is that of the answer key, to the tenth decimal."""
    if found is None or isinstance(found, str):
        return (found or "") == expected
    return expected != "" and abs(found - Decimal(expected)) < Decimal("1e-9")


if __name__ == "__main__":
    environment.silence()
    played = Rehearsal(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])).run()
    json.dump([asdict(each) for each in played.events], sys.stdout)
