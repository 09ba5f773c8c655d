"""The status of each unit's report for a year as of an instant, and of the files it sent."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from psycopg.rows import dict_row

from htx.mail import sender_answers
from ingestion.intake.late_permits import LatePermit, lock_begins_at, read_permits
from warehouse.migrations import open_warehouse
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.dates_vi import instant_vi
from warehouse.reference.deadlines import due_at
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference, plan_folder, read_reference

FILES = """
    select submission_id, reporting_unit_code, receipt_number, received_at, report_kind, verdict, duplicate_of,
           superseded_at <= %(as_of)s as is_superseded,
           (select greatest(count(*) - 1, 0) from raw.receipts
            where receipts.submission_id = files.submission_id and receipts.received_at <= %(as_of)s) as repeats,
           exists (select from raw.lock_exception_uses as uses where uses.submission_id = files.submission_id)
               as is_excepted,
           exists (select from quality.file_findings as doubts
                   where doubts.submission_id = files.submission_id and doubts.rule_code = 'F15')
           and not exists (select from raw.receipt_amendments as amended
                           where amended.submission_id = files.submission_id) as is_in_doubt
    from raw.submissions as files
    where report_year = %(year)s and received_at <= %(as_of)s
    order by received_at, file_name, submission_id
"""
FINDINGS = """
    select submission_id,
           count(*) filter (where severity = 'error') as errors,
           count(*) filter (where severity = 'error' and rule_code = 'F06') as locks,
           count(*) filter (
               where severity = 'query'
               and coalesce(answered_at > %(as_of)s, true) and coalesce(corrected_at > %(as_of)s, true)
           ) as open_queries
    from quality.findings as findings
    inner join raw.received_files as files using (submission_id)
    where report_year = %(year)s and received_at <= %(as_of)s
    group by submission_id
"""

STATES = ("missing", "due", "rejected", "locked", "late", "on_due_day", "on_time")
COUNTS = (
    "files", "superseded", "rejected", "duplicates", "repeats", "beside", "errors", "open_queries", "exceptions_used",
)  # fmt: skip


def of_year(url: str, year: int, as_of: datetime) -> list[dict]:
    """One dict per unit of the roster: unit, name, mandatory, state, received_at, receipt_number (of the first accepted
    yearly report, else of the last rejected one), and counts.

    state     on_time; on_due_day (on the day before which it was due: not on time, but shown apart, decision A15);
              late; without an accepted report: rejected, locked (rejected for the lock alone), due (before the
              deadline) or missing
    is_locked whether a yearly report received at that instant would be rejected for the lock
    files     all files of the year, of which accepted (in force), superseded, rejected, duplicates (other bytes with
              the same content), beside (ad hoc and of a phase); repeats: how often the same bytes were received again
    errors    of the last file, while no report is accepted
    open_queries  of the files in force: neither answered nor corrected
    receipts_in_doubt  receipt numbers of files that were on time or late by the look at their folder alone (F15), until
              their time of receipt is amended
    answers_undelivered  receipt numbers of files whose answer could not be mailed, whatever the instant and the year
    exceptions, exceptions_used   ids of the late permits open at that instant; receipt numbers of files they admitted
    """
    reference = read_reference(plan_folder())
    params = {"year": year, "as_of": as_of}
    files: dict[str, list[dict]] = defaultdict(list)
    permits: dict[str, list[LatePermit]] = defaultdict(list)
    with open_warehouse(url) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        for row in cursor.execute(FILES, params).fetchall():
            files[row["reporting_unit_code"]].append(row)
        findings = {row["submission_id"]: row for row in cursor.execute(FINDINGS, params).fetchall()}
        for each in read_permits(connection, year):
            permits[each.reporting_unit_code].append(each)
        deadlines = {unit.code: due_at(connection, reference, unit) for unit in reference.roster_of(year)}
        undelivered: dict[str, list[str]] = defaultdict(list)
        for letter in sender_answers.undelivered(connection, reference):
            undelivered[letter.unit_code].append(letter.receipt_number)
    return [
        _of_unit(reference, unit, files[unit.code], findings, permits[unit.code], deadlines[unit.code], as_of)
        | {"answers_undelivered": undelivered[unit.code]}
        for unit in reference.roster_of(year)
    ]


def as_table(rows: list[dict]) -> list[str]:
    """Lines for a terminal, in Vietnamese; zeros are left blank."""
    columns = {key: phrase(f"status_column.{key}") for key in COUNTS}
    unit, name, state, received = (phrase(f"status_column.{key}") for key in ("unit", "name", "state", "received_at"))
    heading = "".join(f" {name:>{max(4, len(name))}}" for name in columns.values())
    lines = [f"{unit:<7} {name:<44} {state:<14} {received:<17}{heading}"]
    for row in rows:
        received = instant_vi(datetime.fromisoformat(row["received_at"])) if row["received_at"] else ""
        counts = ""
        for key, name in columns.items():
            count = len(row[key]) if key == "exceptions_used" else row[key]
            counts += f" {count or '':>{max(4, len(name))}}"
        state = phrase("state." + row["state"])
        line = f"{row['unit']:<7} {row['name'][:44]:<44} {state:<14} {received:<17}{counts}"
        lines.append(line.rstrip())
    states = Counter(row["state"] for row in rows)
    lines.append("; ".join(f"{phrase(f'state.{state}')}: {states[state]}" for state in STATES if states[state]))
    if doubtful := [each for row in rows for each in row["receipts_in_doubt"]]:
        lines.append(phrase("receipts_in_doubt", receipts=", ".join(doubtful)))
    if owed := [each for row in rows for each in row["answers_undelivered"]]:
        lines.append(phrase("answers_undelivered", receipts=", ".join(owed)))
    if any(row["is_locked"] for row in rows):
        opened = ", ".join(each for row in rows for each in row["exceptions"])
        lines.append(phrase("year_locked", permits=opened or phrase("none_vi").lower()))
    return lines


def _of_unit(
    reference: Reference,
    unit: RosterUnit,
    files: list[dict],
    findings: dict[str, dict],
    permits: list[LatePermit],
    deadline: datetime,
    as_of: datetime,
) -> dict:
    accepted = [each for each in files if each["verdict"] == "accepted" and not each["duplicate_of"]]
    beside = reference.report_kinds(yearly=False)
    reports = [each for each in accepted if each["report_kind"] in reference.report_kinds(yearly=True)]
    in_force = [each for each in accepted if not each["is_superseded"]]
    rejected = [each for each in files if each["verdict"] == "rejected"]
    rejected_reports = [each for each in rejected if each["report_kind"] not in beside]
    shown = next(iter([*reports, *reversed(rejected_reports)]), None)
    open_permits = [each.exception_id for each in permits if each.is_open_at(as_of)]
    return {
        "unit": unit.code,
        "name": reference.unit_name(unit),
        "mandatory": unit.mandatory,
        "state": _state(reference, unit, shown, findings, deadline, as_of),
        "received_at": shown and shown["received_at"].isoformat(),
        "receipt_number": shown and shown["receipt_number"],
        "is_locked": as_of >= lock_begins_at(reference.cycles[unit.year]) and not open_permits,
        "files": len(files),
        "accepted": len(in_force),
        "superseded": len(accepted) - len(in_force),
        "rejected": len(rejected),
        "duplicates": sum(each["duplicate_of"] is not None for each in files),
        "repeats": sum(each["repeats"] for each in files),
        "beside": len(accepted) - len(reports),
        "errors": 0 if reports else _count(findings, rejected_reports[-1:], "errors"),
        "open_queries": _count(findings, in_force, "open_queries"),
        "receipts_in_doubt": [each["receipt_number"] for each in files if each["is_in_doubt"]],
        "exceptions": open_permits,
        "exceptions_used": [each["receipt_number"] for each in files if each["is_excepted"]],
    }


def _count(findings: dict[str, dict], files: list[dict], column: str) -> int:
    return sum(findings[each["submission_id"]][column] for each in files if each["submission_id"] in findings)


def _state(
    reference: Reference,
    unit: RosterUnit,
    shown: dict | None,
    findings: dict[str, dict],
    deadline: datetime,
    as_of: datetime,
) -> str:
    """Of the first accepted report of a unit, or its last rejected file."""
    if shown is None:
        return "due" if as_of < deadline else "missing"
    if shown["verdict"] == "accepted":
        if shown["received_at"] < deadline:
            return "on_time"
        # where the deadline is the beginning of a day, files of that day are shown apart
        is_on_due_day = not reference.cycles[unit.year].deadline_is_inclusive
        return "on_due_day" if is_on_due_day and shown["received_at"] < deadline + timedelta(days=1) else "late"
    found = findings.get(shown["submission_id"])
    return "locked" if found and found["locks"] and found["locks"] == found["errors"] else "rejected"
