"""Selects of the yearly report on hand-made rows of the public tables."""

from reporting.content.annual import SHORT_BY_UNIT

TABLES = """
    create schema if not exists reports;
    create table reports.rpt_figures (
        indicator_code text, measure_code text, report_year integer, basis text, breakdown text, unit text,
        unit_uid text, unit_name_vi text, numerator numeric, denominator numeric
    );
    create table reports.rpt_annual_targets (
        indicator_code text, report_year integer, target numeric, comparator text
    );
    insert into reports.rpt_annual_targets values
        ('T09', 2025, 100, '='), ('T10', 2025, 80, '>='), ('T12', 2025, 50, '>'), ('T16', 2025, null, '>=');
"""
FIGURE = "insert into reports.rpt_figures values (%s, 'value', 2025, 'as_reported', 'total', 'percent', %s, %s, %s, 10)"


def test_a_unit_lacks_what_the_target_asks_and_not_what_is_left_to_a_hundred(connection):
    connection.execute(TABLES)
    for indicator, numerator in (("T09", 9), ("T10", 8), ("T10", 5), ("T12", 5), ("T12", 6), ("T16", 1)):
        connection.execute(FIGURE, (indicator, f"u{numerator}", f"Xã {numerator}", numerator))
    found = connection.execute(SHORT_BY_UNIT, {"report_year": 2025}).fetchall()
    assert [(code, name, int(short)) for code, name, short in found] == [
        ("T09", "Xã 9", 1), ("T10", "Xã 5", 3), ("T12", "Xã 5", 1),
    ]  # fmt: skip
