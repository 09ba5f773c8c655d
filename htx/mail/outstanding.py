"""What is outstanding from each unit of a year as of an instant, in the words of its reminder.

From the states of `htx status` and the open findings; duties missing from a report and honours due come from the
public tables.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import dict_row

from htx import submission_status
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference

WITHOUT_REPORT = ("due", "missing", "rejected", "locked")  # states of htx status

# open as of an instant: errors of the file rejected last, queries of the files in force
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
class Outstanding:
    """One item that a unit must still deliver or correct, with the findings that name the cells."""

    what_vi: str
    findings: tuple[dict, ...] = ()
    wants_form: bool = False


@dataclass(frozen=True)
class UnitOutstanding:
    """A unit of the roster with its outstanding items; none where it is done."""

    unit: RosterUnit
    name: str
    items: list[Outstanding]
    has_report: bool
    """whether its report was accepted, and the items concern details of it"""


def outstanding_by_unit(
    connection: psycopg.Connection,
    warehouse_url: str,
    reference: Reference,
    year: int,
    at: datetime,
    reminded_of_duties: Collection[str],
) -> list[UnitOutstanding]:
    """What is outstanding from each unit of a year's roster as of an instant.

    `reminded_of_duties`: codes of the units whose items include the duties missing from their report."""
    states = {each["unit"]: each for each in submission_status.of_year(warehouse_url, year, at)}
    return [
        UnitOutstanding(
            unit,
            states[unit.code]["name"],
            _items(connection, unit, states[unit.code], at, unit.code in reminded_of_duties),
            states[unit.code]["state"] not in WITHOUT_REPORT,
        )
        for unit in reference.roster_of(year)
    ]


def honours_due(connection: psycopg.Connection, year: int) -> tuple[dict, ...]:
    """Honours not yet held within the window that contains a year: duty_name_vi, first_year, last_year."""
    return _public_rows(connection, "reports.rpt_honours_due", HONOURS, {"year": year})


def _items(
    connection: psycopg.Connection, unit: RosterUnit, state: dict, at: datetime, with_duties: bool
) -> list[Outstanding]:
    params = {
        "year": unit.year, "unit": unit.code, "unit_uid": unit.uid, "at": at, "receipt_number": state["receipt_number"],
    }  # fmt: skip
    if state["state"] in ("due", "missing"):
        return [Outstanding(phrase("outstanding_report", year=unit.year), wants_form=True)] if unit.mandatory else []
    if state["state"] in ("rejected", "locked"):
        what = phrase("outstanding_errors", receipt=state["receipt_number"])
        return [Outstanding(what, _rows(connection, ERRORS, params), wants_form=True)]
    items = []
    if queries := _rows(connection, QUERIES, params):
        items.append(Outstanding(phrase("outstanding_queries", count=len(queries)), queries))
    if with_duties and (duties := _public_rows(connection, "reports.rpt_duties_owed", DUTIES, params)):
        named = "; ".join(f"{each['duty_name_vi']} ({each['duty_code']})" for each in duties)
        items.append(Outstanding(phrase("outstanding_duties", count=len(duties), duties=named)))
    return items


def _rows(connection: psycopg.Connection, query: str, params: dict) -> tuple[dict, ...]:
    return tuple(connection.cursor(row_factory=dict_row).execute(query, params).fetchall())


def _public_rows(connection: psycopg.Connection, table: str, query: str, params: dict) -> tuple[dict, ...]:
    """Rows of a public table; none before the first build is promoted."""
    [(found,)] = connection.execute("select to_regclass(%s)", [table]).fetchall()
    return () if found is None else _rows(connection, query, params)
