"""What each unit of a year still owes as of an instant, in words: what its reminder says.

It is what `htx status` and the open findings say as of then; of what builds publish come the duties that a report
leaves out, and the honours due.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import dict_row

from htx import submission_status
from warehouse.reference.catalogue import Reference
from warehouse.reference.cycles import RosterUnit

WITHOUT_REPORT = ("due", "missing", "rejected", "locked")  # states of htx status

# of the file that was sent back last, or of the files in force: what is open as of an instant
ERRORS = """
    select rule_code, sheet_code, cell, message_vi
    from quality.findings
    inner join raw.submissions as files using (submission_id)
    where files.report_year = %(year)s and files.reporting_unit_code = %(unit)s
      and files.receipt_number = %(receipt_number)s and files.received_at <= %(at)s
      and files.verdict = 'rejected' and severity = 'error'
    order by sheet_code nulls first, row_number nulls first, finding_id
"""
QUERIES = """
    select rule_code, sheet_code, cell, message_vi
    from quality.findings
    inner join raw.submissions as files using (submission_id)
    where files.report_year = %(year)s and files.reporting_unit_code = %(unit)s and files.received_at <= %(at)s
      and files.verdict = 'accepted' and files.duplicate_of is null
      and coalesce(files.superseded_at > %(at)s, true) and severity = 'query'
      and coalesce(answered_at > %(at)s, true) and coalesce(corrected_at > %(at)s, true)
    order by files.received_at, sheet_code nulls first, row_number nulls first, finding_id
"""
DUTIES = """
    select duty_code, duty_name_vi from reports.rpt_duties_owed
    where report_year = %(year)s and unit_uid = %(unit_uid)s and has_report
    order by duty_code
"""
HONOURS = """
    select duty_name_vi, first_year, last_year from reports.rpt_honours_due
    where not is_done and %(year)s between first_year and last_year
    order by duty_code, first_year
"""


@dataclass(frozen=True)
class Owed:
    """Something that a unit owes, in words, with the findings that say which cell is wrong and why."""

    what_vi: str
    findings: tuple[dict, ...] = ()
    wants_form: bool = False


@dataclass(frozen=True)
class UnitOwing:
    """A unit of the roster, and what it owes: nothing, when it is done."""

    unit: RosterUnit
    name: str
    owed: list[Owed]
    has_report: bool
    """whether its report is in, and only something of it is missing"""


def units_owing(
    connection: psycopg.Connection,
    warehouse_url: str,
    reference: Reference,
    year: int,
    at: datetime,
    asked_for_duties: Collection[str],
) -> list[UnitOwing]:
    """What each unit of a year's roster owes as of an instant.

    `asked_for_duties`: codes of the units that also hear of the duties which their report leaves out."""
    states = {each["unit"]: each for each in submission_status.of_year(warehouse_url, year, at)}
    return [
        UnitOwing(
            unit,
            states[unit.code]["name"],
            _owed(connection, unit, states[unit.code], at, unit.code in asked_for_duties),
            states[unit.code]["state"] not in WITHOUT_REPORT,
        )
        for unit in reference.roster_of(year)
    ]


def honours_due(connection: psycopg.Connection, year: int) -> tuple[dict, ...]:
    """Honours of the windows around a year that nobody has held: duty_name_vi, first_year, last_year."""
    return _published_rows(connection, "reports.rpt_honours_due", HONOURS, {"year": year})


def _owed(
    connection: psycopg.Connection, unit: RosterUnit, state: dict, at: datetime, asks_for_duties: bool
) -> list[Owed]:
    asked = {
        "year": unit.year, "unit": unit.code, "unit_uid": unit.uid, "at": at, "receipt_number": state["receipt_number"],
    }  # fmt: skip
    if state["state"] in ("due", "missing"):
        return [Owed(f"Chưa gửi báo cáo năm {unit.year}.", wants_form=True)] if unit.mandatory else []
    if state["state"] in ("rejected", "locked"):
        what = f"Tệp {state['receipt_number']} chưa được tiếp nhận; đề nghị sửa các lỗi sau và gửi lại:"
        return [Owed(what, _rows(connection, ERRORS, asked), wants_form=True)]
    owed = []
    if queries := _rows(connection, QUERIES, asked):
        owed.append(Owed(f"Còn {len(queries)} nội dung cần sửa hoặc giải trình:", queries))
    if asks_for_duties and (duties := _published_rows(connection, "reports.rpt_duties_owed", DUTIES, asked)):
        named = "; ".join(f"{each['duty_name_vi']} ({each['duty_code']})" for each in duties)
        owed.append(Owed(f"Biểu 08_HOAT_DONG chưa báo cáo {len(duties)} nhiệm vụ được giao: {named}."))
    return owed


def _rows(connection: psycopg.Connection, query: str, asked: dict) -> tuple[dict, ...]:
    return tuple(connection.cursor(row_factory=dict_row).execute(query, asked).fetchall())


def _published_rows(connection: psycopg.Connection, table: str, query: str, asked: dict) -> tuple[dict, ...]:
    """Rows of what builds publish; none before the first of them."""
    if connection.execute("select to_regclass(%s)", [table]).fetchone()[0] is None:
        return ()
    return _rows(connection, query, asked)
