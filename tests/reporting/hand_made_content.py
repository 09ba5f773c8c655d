"""Content of a document with hand-made rows: every declared table, without a warehouse."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from reporting.content.recipients import Recipient, read_recipients
from reporting.content.tables import ANNUAL, Column, Content, Table, declared, expanded, filled
from reporting.documents.about import About

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
FACTS = (
    "expected_units", "received_units", "missing_units", "on_time_units", "on_due_day_units",
    "late_units", "units_with_open_queries", "open_queries",
)  # fmt: skip
INDICATORS = [
    {"indicator_code": f"T{number:02}", "indicator_name_vi": "Số lao động nữ có việc làm ổn định", "unit_vi": "người"}
    for number in range(1, 15)
]
YEARS = [{"report_year": year} for year in range(2023, 2026)]
BY_KIND = {
    "figure": Decimal("1234"), "goal": Decimal("90"),
    "change": Decimal("-12"), "pace": Decimal("3.55"), "percent": Decimal("72.68"),
    "integer": 7, "decimal": Decimal("1.5"), "money": Decimal("1234.5"), "date": date(2025, 2, 5), "year": 2025,
    "instant": datetime(2025, 11, 28, 9, 30, tzinfo=UTC), "boolean": True, "key": "T01-2025", "verdict": "met",
}  # fmt: skip
TEXTS = {
    "unit": "person", "unit_vi": "người", "indicator_code": "T01", "section": "results", "value_status": "reported",
    "breakdown": "funding_source", "verdict_vi": "Đạt", "comparator_vi": "Ít nhất", "unit_kind": "commune",
    "coverage_vi": "40/40", "compared_vi": "8/11", "comparator": ">=", "reported_as": "target",
}  # fmt: skip


def hand_made(kind: str, period: int, rows_of_each: int = 3, texts: Mapping[str, str] | None = None) -> Content:
    """A document with `rows_of_each` rows in every table: each column has the value of its kind, and `texts` stand
    in the columns of text with that code."""
    content = declared(kind, period)
    tables = {name: _several(table) for name, table in content.tables.items()}
    words = {**TEXTS, **(texts or {})}
    made = {name: filled(table, [_row(table, words)] * rows_of_each) for name, table in tables.items()}
    return replace(
        content,
        tables=made,
        facts={**dict.fromkeys(FACTS, 7), "data_to": date(2025, 12, 31), "years": [2023, 2024, 2025]},
    )


def with_rows(content: Content, name: str, rows: Sequence[Mapping]) -> Content:
    """The content with other rows in one table; what a row does not say is as in its first hand-made row."""
    table = content.tables[name]
    full = [{**table.rows[0], **row} for row in rows]
    return replace(content, tables={**content.tables, name: filled(table, full)})


def with_own_words(content: Content) -> Content:
    """The content with the Union's own words on every section, and a proposal of its own to each recipient."""
    own = {"is_union": True, "text": "Đã họp giao ban."}
    sections = ("leadership", "results", "shortcomings", "causes", "lessons", "next_year", "proposals")
    content = with_rows(content, "narratives", [{**own, "section": each, "addressee": None} for each in sections])
    return with_rows(content, "proposals", [{**own, "addressee": each} for each in ("WU-VN", "PC-P")])


def with_facts(content: Content, **facts: object) -> Content:
    return replace(content, facts={**content.facts, **facts})


def about(**said: object) -> About:
    """A first version of 08:00 on 26 December 2025 in Viet Nam, unless told otherwise."""
    return About(**{"version": "1.0.0", "published_at": datetime(2025, 12, 26, 1, tzinfo=UTC), **said})


def recipients(kind: str = ANNUAL, on: date = date(2025, 12, 26), of_example: bool = True) -> dict[str, Recipient]:
    return {each.recipient: each for each in read_recipients(SEEDS, kind, on, of_example)}


def _several(table: Table) -> Table:
    return expanded(expanded(table, "indicator_code", INDICATORS), "report_year", YEARS)


def _row(table: Table, words: Mapping[str, str]) -> dict:
    row = {"value": BY_KIND["figure"]} | {column.code: _value(column, words) for column in table.columns}
    for column in table.columns:
        if column.code.startswith("value_2") or column.code in {each["indicator_code"] for each in INDICATORS}:
            key = f"T01-{column.code_shown}" if column.code.startswith("value_2") else f"{column.code}-2025-25195@2025"
            row |= {f"{column.code}_key": key, f"{column.code}_unit": "person"}
    return row


def _value(column: Column, words: Mapping[str, str]) -> object:
    if column.code in words:
        return words[column.code]
    return BY_KIND.get(column.kind, f"lời {column.code}")
