"""Rows of `reports` for the tables of a document, and figures by unit turned into columns."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from reporting.content.content import Table, expanded, filled
from reporting.content.keys import AS_REPORTED, PROVINCE, TOTAL, figure_key
from reporting.content.phrases import phrase


class NothingToReport(Exception):
    """Nothing is published for the year or phase, or nothing at all; the message is a sentence."""


@contextmanager
def one_version(connection: psycopg.Connection) -> Iterator[None]:
    """All that is read within is of one version of what is public. In a transaction of the caller's own, that one."""
    if connection.info.transaction_status != TransactionStatus.IDLE:
        yield
        return
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read read only")
        yield


def read_rows(connection: psycopg.Connection, statement: str, values: dict) -> list[dict]:
    """The rows of a select, each with its figure's key and the words for its source where it has what they take."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return [_completed(row) for row in cursor.execute(statement, values).fetchall()]


def _completed(row: dict) -> dict:
    if "indicator_code" in row and "measure_code" in row and "report_year" in row:
        row["key"] = figure_key(
            row["indicator_code"],
            row["measure_code"],
            row["report_year"],
            row.get("unit_uid", PROVINCE),
            row.get("breakdown", TOTAL),
            row.get("breakdown_code", TOTAL),
            row.get("basis", AS_REPORTED),
        )
    if "file_name" in row:
        row["source_vi"] = phrase("source", **row) if row["file_name"] else None
    return row


def filled_by_indicator(table: Table, units: Iterable[dict], figures: Sequence[dict]) -> Table:
    """A table with a row for each of `units` and, for the column in braces, a column for each indicator.

    `figures`: rows of rpt_figures with indicator_code, indicator_name_vi, unit, unit_vi, value, value_status, unit_uid
    and key; a unit without a figure of an indicator gets None, not applicable."""
    indicators = {row["indicator_code"]: row for row in figures}
    by_place = {(row["unit_uid"], row["indicator_code"]): row for row in figures}
    rows = []
    for unit in units:
        row = dict(unit)
        for code, meaning in indicators.items():
            figure = by_place.get((unit["unit_uid"], code), {})
            row[code] = figure.get("value")
            row[f"{code}_status"] = figure.get("value_status", "not_applicable")
            row[f"{code}_unit"] = meaning["unit"]
            row[f"{code}_key"] = figure.get("key")
        rows.append(row)
    return filled(expanded(table, "indicator_code", list(indicators.values())), rows)
