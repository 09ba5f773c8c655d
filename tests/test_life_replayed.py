"""After any sequence of files the state is that of replaying them in order of receipt, and nothing is lost.

Three accounts are held together: what the warehouse says at once (views of schema/*.sql), what dbt says (the SQL that
it compiled, as views on the same tables), and a replay in plain Python that knows neither.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta

import psycopg
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from htx import steps
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.intake.raw_tables import write_reviewed
from tests.life import IN_TIME, NEIGHBOUR, NUMBERS, UNIT, cooperative, course, other_bytes, received, workbook
from warehouse.connection import connect
from warehouse.reference.reference_data import SEEDS, read_reference

# In the order in which they stand on each other.
LIVE = (
    "stg_submissions__received_files",
    "stg_quality__answers",
    "int_years_reported",
    "int_units_rostered",
    "int_submissions_ordered",
    "int_submissions_versioned",
    "int_rows_corrected",
    "int_submission_findings_summed",
    "int_cooperatives_reported",
    "int_courses_reported",
    "fct_submissions",
)

# What each file says: report kind, submission kind, {number of a cooperative: members}, {course: people}.
FILES = {
    "first": ("annual", "first", {0: 30, 1: 40}, {"L01": 20}),
    "second first": ("annual", "first", {0: 31, 2: 50}, {}),
    "replacement": ("annual", "full_replacement", {0: 32, 1: 42, 3: 60}, {"L01": 21, "L02": 22}),
    "correction": ("annual", "partial_correction", {0: 33}, {}),
    "another correction": ("annual", "partial_correction", {1: 43, 4: 70}, {"L01": 23}),
    "final": ("annual_final", "first", {0: 34, 1: 44}, {"L02": 24}),
    "correction of the final": ("annual_final", "partial_correction", {0: 35}, {"L02": 25}),
    "ad hoc": ("adhoc", "first", {0: 90}, {}),
    "ad hoc again": ("adhoc", "full_replacement", {0: 91}, {}),
    "wrong": ("annual", "full_replacement", {0: 1}, {}),  # fewer members than women among them
}
WHOLE = ("first", "full_replacement")


@dataclass(frozen=True)
class Arrival:
    """A file that comes: whose, which, saved again or not, into which folder, when, under which name."""

    unit: str
    file: str
    is_saved_again: bool
    folder: str
    hour: int
    name: str

    @property
    def receipt(self) -> tuple[int, str]:
        return self.hour, self.name

    @property
    def source(self) -> tuple[str, str, bool, str]:
        return self.unit, self.file, self.is_saved_again, self.folder


arrivals = st.builds(
    Arrival,
    unit=st.sampled_from([UNIT, UNIT, NEIGHBOUR]),
    file=st.sampled_from(sorted(FILES)),
    is_saved_again=st.booleans(),
    folder=st.sampled_from(["own", "own", "union", "other"]),
    hour=st.integers(0, 5),
    name=st.sampled_from(["a.xlsx", "b.xlsx"]),
)


@pytest.fixture(scope="module")
def reference():
    return read_reference(SEEDS)


@pytest.fixture(scope="module")
def reviewed(reference) -> dict[tuple, ReviewedFile]:
    """Every file that can come, reviewed: the verdict depends on the file alone."""
    found, files = [], []
    for unit in (UNIT, NEIGHBOUR):
        for name, (report_kind, submission_kind, cooperatives, courses) in FILES.items():
            sheets = {
                "01_HTX": [cooperative(NUMBERS[n], members, unit) for n, members in cooperatives.items()],
                "04_DAO_TAO": [course(code, people) for code, people in courses.items()],
            }
            cover = {"report_kind": report_kind, "submission_kind": submission_kind}
            content = workbook(reference, sheets, cover, unit)
            for is_saved_again in (False, True):
                for folder in ("own", "union", "other"):
                    other = {UNIT: NEIGHBOUR, NEIGHBOUR: UNIT}[unit]
                    place = {"own": unit, "union": "union", "other": other}[folder]
                    found.append((unit, name, is_saved_again, folder))
                    files.append(received(other_bytes(content) if is_saved_again else content, folder=place))
    return dict(zip(found, steps.review(files, reference), strict=True))


@pytest.fixture(scope="module")
def warehouse(built, new_database):
    """A connection to an empty warehouse in which dbt's models of the files are views, and so always up to date."""
    with connect(new_database(built.template)) as connection:
        for name in LIVE:
            connection.execute(f"drop {built.models[name]['config']['materialized']} {built.relation(name)} cascade")
            connection.execute(f"create view {built.relation(name)} as {built.sql(name)}")
        connection.commit()
        yield connection


def load(connection: psycopg.Connection, batches, reviewed, reference) -> None:
    for batch in batches:
        write_reviewed(connection, [at_its_time(each, reviewed) for each in batch], reference)


def at_its_time(arrival: Arrival, reviewed) -> ReviewedFile:
    known = reviewed[arrival.source]
    at = IN_TIME + timedelta(hours=arrival.hour)
    return replace(known, file=replace(known.file, received_at=at, file_name=arrival.name))


# The replay in plain Python ---------------------------------------------------------------------------------------


def replayed(come: list[Arrival], reviewed) -> tuple[dict[str, str], dict[str, dict]]:
    """The status of each file by its id, and the current rows of each unit, from the arrivals in order of receipt."""
    earliest: dict[str, Arrival] = {}
    for each in come:
        id = reviewed[each.source].file.submission_id
        earliest[id] = min(earliest.get(id, each), each, key=lambda arrival: arrival.receipt)
    in_order = sorted(earliest.items(), key=lambda item: (item[1].receipt, item[0]))
    statuses: dict[str, str] = {}
    seen = set()
    yearly, final, in_force = defaultdict(dict), defaultdict(dict), defaultdict(list)
    has_final = set()
    for id, each in in_order:
        report_kind, submission_kind, *lists = FILES[each.file]
        if each.folder == "other" or each.file == "wrong":
            statuses[id] = "rejected"
            continue
        if (each.unit, each.file) in seen:
            statuses[id] = "received"
            continue
        seen.add((each.unit, each.file))
        statuses[id] = "accepted"
        rows = {("01_HTX", NUMBERS[n]): members for n, members in lists[0].items()}
        rows |= {("04_DAO_TAO", f"{code}|WU-P"): people for code, people in lists[1].items()}
        if report_kind == "adhoc":
            _take_place(statuses, in_force[each.unit, "adhoc"], id, submission_kind in WHOLE)
        elif report_kind == "annual_final":
            if submission_kind in WHOLE:
                has_final.add(each.unit)
                final[each.unit] = {}
                _lose_places(statuses, in_force[each.unit, "annual"])
            _take_place(statuses, in_force[each.unit, "annual_final"], id, submission_kind in WHOLE)
            final[each.unit] |= rows
        else:
            if submission_kind in WHOLE:
                yearly[each.unit] = {}
            yearly[each.unit] |= rows
            _take_place(statuses, in_force[each.unit, "annual"], id, submission_kind in WHOLE)
            if each.unit in has_final:
                statuses[id] = "superseded"
    current = {
        unit: final[unit] if unit in has_final else yearly[unit] | final[unit] for unit in {each.unit for each in come}
    }
    return statuses, {unit: rows for unit, rows in current.items() if rows}


def _take_place(statuses: dict[str, str], in_force: list[str], id: str, is_whole: bool) -> None:
    if is_whole:
        _lose_places(statuses, in_force)
    in_force.append(id)


def _lose_places(statuses: dict[str, str], in_force: list[str]) -> None:
    for earlier in in_force:
        statuses[earlier] = "superseded"
    in_force.clear()


# What the warehouse says ------------------------------------------------------------------------------------------


def statuses_at_once(connection) -> dict[str, str]:
    return dict(connection.execute("select submission_id, status from raw.submissions").fetchall())


def statuses_of_dbt(connection) -> dict[str, str]:
    return dict(connection.execute("select submission_id, status from next_marts.fct_submissions").fetchall())


def rows_at_once(connection) -> dict[str, dict]:
    """The rows of files that count, but for those that were superseded."""
    return _by_unit(
        connection.execute("""
            select
                files.reporting_unit_code, rows.sheet_code, rows.row_key,
                coalesce(rows.read ->> 'members', rows.read ->> 'people')::integer
            from raw.sheet_rows as rows
            inner join raw.submissions as files on rows.submission_id = files.submission_id
            left join raw.superseded_rows as gone
                on rows.submission_id = gone.submission_id
                and rows.sheet_code = gone.sheet_code and rows.row_number = gone.row_number
            where files.report_kind <> 'adhoc' and files.status = 'accepted' and gone.submission_id is null
        """)
    )


def rows_of_dbt(connection) -> dict[str, dict]:
    return _by_unit(
        connection.execute("""
            select reporting_unit_code, '01_HTX', registration_number, members
            from intermediate.int_cooperatives_reported
            union all
            select reporting_unit_code, '04_DAO_TAO', concat_ws('|', course_code, organiser), people
            from intermediate.int_courses_reported
        """)
    )


def _by_unit(rows) -> dict[str, dict]:
    found: dict[str, dict] = defaultdict(dict)
    for unit, sheet, key, value in rows:
        assert (sheet, key) not in found[unit], "two rows stand for one thing"
        found[unit][sheet, key] = value
    return dict(found)


def lost_values(connection, come, reviewed) -> set:
    """What accepted files said and can be read nowhere any more."""
    said = {
        (known.file.submission_id, sheet.sheet_code, row.row_number, tuple(sorted(row.read.items())))
        for known in (reviewed[each.source] for each in come)
        if known.verdict == "accepted"
        for sheet in known.submission.sheets.values()
        for row in sheet.rows
    }
    kept = connection.execute("select submission_id, sheet_code, row_number, read from raw.sheet_rows").fetchall()
    return said - {(id, sheet, number, tuple(sorted(read.items()))) for id, sheet, number, read in kept}


def state(connection) -> tuple:
    return (
        connection.execute(
            "select submission_id, received_at, file_name, verdict from raw.received_files order by submission_id"
        ).fetchall(),
        connection.execute("select * from raw.superseded_rows order by 1, 2, 3").fetchall(),
        statuses_at_once(connection),
        rows_at_once(connection),
    )


@pytest.mark.soak("fuzz", also_in_test=True)
@given(come=st.lists(arrivals, max_size=9), data=st.data())
def test_any_sequence_of_files_leaves_the_state_of_its_replay_in_order_of_receipt(
    warehouse, reviewed, reference, come, data
):
    order = data.draw(st.permutations(come), "loaded in this order")
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(come) - 1)), max_size=3), "in batches cut here"))
    batches = [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    statuses, current = replayed(come, reviewed)
    event(f"statuses: {', '.join(sorted(set(statuses.values())))}")
    with warehouse.transaction(force_rollback=True):
        load(warehouse, batches, reviewed, reference)
        assert statuses_at_once(warehouse) == statuses
        assert statuses_of_dbt(warehouse) == statuses
        assert rows_at_once(warehouse) == current
        assert rows_of_dbt(warehouse) == current
        assert lost_values(warehouse, come, reviewed) == set()
        found = state(warehouse)
    with warehouse.transaction(force_rollback=True):
        load(warehouse, [[each] for each in sorted(come, key=lambda each: each.receipt)], reviewed, reference)
        assert state(warehouse) == found


def test_the_files_that_are_drawn_are_as_good_as_they_are_meant_to_be(reviewed):
    assert {
        file for (_, file, _, folder), known in reviewed.items() if known.verdict == "rejected" and folder != "other"
    } == {"wrong"}
    assert {known.verdict for (_, _, _, folder), known in reviewed.items() if folder == "other"} == {"rejected"}
    assert {each.rule_code for known in reviewed.values() for each in known.findings} <= {"F12", "H01"}
