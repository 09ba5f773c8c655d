"""One rule in two languages: the deadline in Python and in dbt."""

import shutil
from datetime import UTC, date, datetime

import jinja2
import pytest

from htx.steps import SEEDS
from warehouse.build.dbt import PROJECT
from warehouse.connection import connect
from warehouse.reference.catalogue import read_reference
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.deadlines import due_at

CASES = [
    # 30 November 2025 is a Sunday, 29 November 2025 a Saturday, 28 November 2025 a Friday
    ("2025-11-30", "no", "no", datetime(2025, 11, 29, 17, tzinfo=UTC)),
    ("2025-11-30", "yes", "no", datetime(2025, 11, 30, 17, tzinfo=UTC)),
    ("2025-11-30", "no", "yes", datetime(2025, 11, 30, 17, tzinfo=UTC)),
    ("2025-11-29", "yes", "yes", datetime(2025, 12, 1, 17, tzinfo=UTC)),
    ("2025-11-28", "no", "yes", datetime(2025, 11, 27, 17, tzinfo=UTC)),
]


@pytest.mark.parametrize(("due_before", "is_inclusive", "moves", "expected"), CASES)
def test_a_deadline_is_the_same_instant_in_python_and_in_dbt(
    due_before, is_inclusive, moves, expected, warehouse_url, tmp_path
):
    shutil.copytree(SEEDS, tmp_path, dirs_exist_ok=True)
    cycles = (tmp_path / "report_cycles.csv").read_text(encoding="utf-8")
    as_it_is = "2025,1,2025-11-30,2025-12-31,no,no,"
    assert cycles.count(as_it_is) == 1
    edited = cycles.replace(as_it_is, f"2025,1,{due_before},2025-12-31,{is_inclusive},{moves},")
    (tmp_path / "report_cycles.csv").write_text(edited, encoding="utf-8")
    unit = RosterUnit(2025, "25195", "25195@2025", "commune", True)
    assert due_at(read_reference(tmp_path), unit).astimezone(UTC) == expected

    macro = (PROJECT / "macros" / "reference.sql").read_text(encoding="utf-8")
    assert in_sql(macro, warehouse_url, date.fromisoformat(due_before), is_inclusive, moves) == expected


def in_sql(macros: str, url: str, due_before: date, is_inclusive: str, moves: str) -> datetime:
    """The instant that the macro `deadline` of dbt works out."""
    module = jinja2.Template(macros, undefined=jinja2.Undefined).module
    sql = module.deadline(f"date '{due_before}'", f"'{is_inclusive}'", f"'{moves}'")
    with connect(url) as connection:
        return connection.execute(f"select {sql}").fetchone()[0].astimezone(UTC)
