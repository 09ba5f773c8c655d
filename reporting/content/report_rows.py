"""Rows of the schema `reports` for the tables of a document."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from reporting.content import selects
from reporting.content.keys import FigureKey
from reporting.content.tables import Content, Table, expanded, filled
from warehouse.reference.phrases import phrase

KEY_COLUMNS = [field.name for field in fields(FigureKey)]


class NothingToReport(Exception):
    """There are no figures for the year or phase, or none at all; the message is a sentence."""


@contextmanager
def one_version(connection: psycopg.Connection) -> Iterator[None]:
    """Snapshot isolation for all reads in the block; within a transaction of the caller, that transaction's.

    Raises NothingToReport where the public tables do not exist."""
    with ExitStack() as stack:
        if connection.info.transaction_status == TransactionStatus.IDLE:
            stack.enter_context(connection.transaction())
            connection.execute("set transaction isolation level repeatable read read only")
        try:
            yield
        except psycopg.errors.UndefinedTable as error:
            raise NothingToReport(f"The public tables of reports do not exist yet: run htx build. {error}") from error


def read_tables(content: Content, rows: Callable[..., list[dict]], statements: Mapping[str, str]) -> dict[str, Table]:
    """The tables of a document, of which those that are the rows of one select are filled, and the decisions."""
    found = {name: filled(content.tables[name], rows(statement)) for name, statement in statements.items()}
    decisions = filled(content.tables["decisions"], _with_answers(rows(selects.DECISIONS)))
    return {**content.tables, **found, "decisions": decisions}


def completed(
    content: Content, rows: Callable[..., list[dict]], tables: dict[str, Table], judged: str, **facts: object
) -> Content:
    """The document with its tables and facts, of which `verdicts` counts those of the table `judged`, but for
    duties that keep books."""
    verdicts = Counter(sorted(row["verdict"] for row in tables[judged].rows if row["reported_as"] == "target"))
    [decided] = rows(selects.PERCENT_DECIMALS)
    return replace(content, tables=tables, facts={**facts, "verdicts": dict(verdicts)}, **decided)


def read_rows(connection: psycopg.Connection, statement: str, values: dict) -> list[dict]:
    """The rows of a select, with `key` where they have the columns of a figure's key, and `source_vi` where they have a
    row of a sheet."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return [_completed(row) for row in cursor.execute(statement, values).fetchall()]


def _completed(row: dict) -> dict:
    if "indicator_code" in row and "measure_code" in row and "report_year" in row:
        row["key"] = str(FigureKey(**{column: row[column] for column in KEY_COLUMNS if column in row}))
    if "sheet_code" in row:
        row["source_vi"] = phrase("source", **row) if row["file_name"] else None
    return row


def _with_answers(decisions: Iterable[dict]) -> list[dict]:
    """Each decision with `answer_vi`: the text of its default, or of another option that is in force."""
    return [
        {**each, "answer_vi": phrase("answer_option", **each) if each["option_vi"] else each["default_vi"]}
        for each in decisions
    ]


def filled_by_indicator(table: Table, units: Iterable[dict], figures: Sequence[dict]) -> Table:
    """A table with a row for each of `units`, and its column in braces repeated for each indicator (pivoted figures).

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
