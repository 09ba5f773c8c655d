"""Decision scenarios: the targets under every option, beside the answer key under edited reference data."""

import csv
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from htx.example.answer_key import annual_targets, indicator_values
from htx.example.folder import make_example
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import SEEDS_FOLDER, read_seeds
from tests.datasets import rows
from warehouse.connection import connect
from warehouse.restate import decision_scenarios
from warehouse.restate.compiled_sql import Model, Recipe, planned_for, read_recipe, render
from warehouse.restate.decision_scenarios import DECISIONS, VERDICTS, OptionUnreadable, Switch

with (SEEDS_FOLDER / "decision_options.csv").open(encoding="utf-8", newline="") as file:
    OPTIONS = list(csv.DictReader(file))
CHANGE_OF_T01 = (
    "select value_before, value_now, change from marts.fct_indicator_changes"
    " where (indicator_code, measure_code, report_year) = ('T01', 'value', 2025)"
)
FIGURES = "indicator_code, report_year, value, value_low, value_high, verdict"


@pytest.fixture(scope="module")
def played(province):
    with connect(province.url) as connection:
        yield connection


@pytest.fixture(scope="module")
def sent():
    """The example's reports and snapshots of the registry, as they are whatever is decided."""
    example = make_example(read_seeds(SEEDS_FOLDER))
    return example.reports, example.snapshots


def edit_csv(folder: Path, name: str, change: Callable[[list[dict]], object]) -> None:
    """Edit a CSV of a folder by hand."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    change(lines)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)


def with_option(folder: Path, code: str, option: str) -> None:
    """Edit the CSVs of a folder as the option says."""
    [value] = [each["value"] for each in OPTIONS if (each["decision_code"], each["option"]) == (code, option)]

    def decide(lines: list[dict]) -> None:
        next(each for each in lines if each["decision_code"] == code)["value"] = value

    edit_csv(folder, "decisions.csv", decide)
    if code == "A15":
        edit_csv(
            folder, "report_cycles.csv", lambda lines: [each.update(deadline_is_inclusive=value) for each in lines]
        )


def targets_by_the_answer_key(folder: Path, sent: tuple) -> dict[tuple, tuple]:
    reported = ReportedRows(read_seeds(folder), *sent)
    return {
        (each.indicator_code, each.report_year): (each.value, each.value_low, each.value_high, each.verdict)
        for each in annual_targets(reported, indicator_values(reported))
    }


@pytest.mark.parametrize(
    ("code", "option", "depends_on_it"),
    [
        ("A2", "leads", {"T01", "T03", "T07"}),
        ("A3", "groups_and_cooperatives", {"T01", "T03"}),
        ("A14", "2023-2024", {"T15"}),
        ("A15", "yes", {"T16"}),
        ("A16", "active", {"T05"}),
        ("A20", "all but founding_advice", {"T01", "T02", "T03", "T04"}),
        ("A21", "yes", {"T09", "T10"}),
    ],
)
def test_the_targets_under_an_option_are_those_of_the_answer_key_with_the_csv_edited(
    played, sent, tmp_path, code, option, depends_on_it
):
    folder = shutil.copytree(SEEDS_FOLDER, tmp_path / "seeds")
    with_option(folder, code, option)
    expected = targets_by_the_answer_key(folder, sent)

    found = {row[:2]: row[2:] for row in rows(played, f"""
        select {FIGURES} from reports.rpt_target_sensitivity where decision_code = %s and option = %s
    """, code, option)}  # fmt: skip

    assert found.keys() == expected.keys()
    assert [
        (key, found[key], expected[key]) for key in sorted(found) if not all(map(close, found[key], expected[key]))
    ] == []
    today = {row[:2]: row[2:] for row in rows(played, f"select {FIGURES} from marts.fct_indicator_verdicts")}
    assert depends_on_it <= {key[0] for key in found if found[key] != today[key]}


def close(found: object, expected: object) -> bool:
    if found is None or expected is None or isinstance(found, str):
        return found == expected
    return abs(found - Decimal(expected.numerator) / Decimal(expected.denominator)) < Decimal("1e-9")


def test_of_each_switchable_decision_one_option_is_in_force_and_has_the_figures_of_today(played):
    assert rows(
        played,
        """
        select decisions.decision_code, count(distinct option) filter (where is_current)
        from reference.decisions left join reports.rpt_target_sensitivity using (decision_code)
        where decisions.parameter is not null group by 1 order by 1
    """,
    ) == [(code, 1) for code in ("A14", "A15", "A16", "A17", "A2", "A20", "A21", "A3", "A5")]
    in_force = "reports.rpt_target_sensitivity where is_current"
    current = rows(played, f"select distinct {FIGURES} from {in_force} order by 1, 2")
    assert current == rows(played, f"select {FIGURES} from marts.fct_indicator_verdicts order by 1, 2")
    assert len(current) == 54


def test_where_the_data_cannot_tell_a_sentence_says_so(played):
    assert rows(played, """
        select decision_code, option, count(value), count(verdict), max(note_vi)
        from reports.rpt_target_sensitivity where not is_computable group by 1, 2
    """) == [(
        "A5", "12", 0, 0,
        "Biểu mẫu chỉ hỏi số việc làm đạt mức đang áp dụng; muốn biết theo mức khác thì phải hỏi lại các đơn vị.",
    )]  # fmt: skip


def test_rounding_moves_nothing_and_says_so(played):
    assert rows(
        played,
        """
        select option, count(*), count(*) filter (
            where note_vi is null or (rounded.value, rounded.verdict) is distinct from (today.value, today.verdict)
        )
        from reports.rpt_target_sensitivity as rounded
        inner join marts.fct_indicator_verdicts as today using (indicator_code, report_year)
        where decision_code = 'A17' group by 1 order by 1
    """,
    ) == [("0", 54, 0), ("1", 54, 0), ("2", 54, 0)]


@contextmanager
def typed_into(connection, seed: str, column: str, value: str, where: str):
    """For the time of the block, a cell of the reference data says something else."""
    [before] = connection.execute(f"select {column} from reference.{seed} where {where} limit 1").fetchone()
    typing = f"update reference.{seed} set {column} = %s where {where}"
    connection.execute(typing, [value])
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(typing, [before])
        connection.commit()


def test_a_reading_that_nobody_listed_is_shown_as_the_one_in_force(played, province):
    with typed_into(played, "decisions", "value", "2026-2027", "decision_code = 'A14'"):
        decision_scenarios.compute_scenarios(played, read_recipe(province.output), province.url)
        assert rows(played, "select distinct option, is_current from quality.target_sensitivity"
                    " where decision_code = 'A14' order by 1") == [
            ("2023-2024", False), ("2024-2025", False), ("2025-2026", False), ("2026-2027", True),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "typed", "message"),
    [
        ("value", "any_manager", "any_manager and leads of A2 are the same"),
        ("decision_code", "A1", "A1, leads: decisions.csv gives A1 no parameter"),
    ],
)
def test_a_typing_error_in_the_options_is_named(played, province, column, typed, message):
    with typed_into(played, "decision_options", column, typed, "option = 'leads'"):
        with pytest.raises(OptionUnreadable, match=message):
            decision_scenarios.compute_scenarios(played, read_recipe(province.output), province.url)


LEADS_FROM_2025 = "select 'A2', 2025, question_vi, default_vi, parameter, 'leads', options, default_option, source_vi"


@contextmanager
def led_by_women_from_2025(connection):
    """For the time of the block, decision A2 requires a woman leader from 2025 on."""
    connection.execute(
        f"insert into reference.decisions {LEADS_FROM_2025} from reference.decisions where decision_code = 'A2'"
    )
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute("delete from reference.decisions where valid_from_year = 2025")
        connection.commit()


def test_a_decision_counts_from_its_year_on_as_the_answer_key_counts_it(played, province, sent, tmp_path):
    folder = shutil.copytree(SEEDS_FOLDER, tmp_path / "seeds")
    stricter = {"valid_from_year": "2025", "value": "leads"}
    edit_csv(folder, "decisions.csv", lambda lines: lines.append({**lines[1], **stricter}))
    expected = targets_by_the_answer_key(folder, sent)

    with led_by_women_from_2025(played):
        again = render(read_recipe(province.output), VERDICTS, {DECISIONS: f"select * from {DECISIONS}"})
        with planned_for(played):
            found = {row[:2]: row[2:] for row in played.execute(f"select {FIGURES} from ({again}) as again")}

    assert [(key, found[key]) for key in sorted(found) if not all(map(close, found[key], expected[key]))] == []
    today = {row[:2]: row[2:] for row in rows(played, f"select {FIGURES} from marts.fct_indicator_verdicts")}
    moved = {("T01", 2025), ("T03", 2025), ("T07", 2025), ("T08", 2025)}
    assert {key for key in found if found[key] != today[key]} == moved
    assert [found["T01", year][0] for year in (2023, 2024, 2025)] == [10, 15, 12]


def test_a_change_on_the_year_before_is_under_the_decision_of_the_later_year(played, province):
    before = rows(played, CHANGE_OF_T01)
    with led_by_women_from_2025(played):
        decision_scenarios.compute_scenarios(played, read_recipe(province.output), province.url)
        restated = "select value_before, change from quality.restated_changes where indicator_code = 'T01'"
        assert rows(played, f"{restated} and measure_code = 'value'") == [(6, 2)]
        in_force = (
            "select report_year, option from quality.target_sensitivity where is_current and decision_code = 'A2'"
        )
        assert sorted(set(rows(played, in_force))) == [(2023, "any_manager"), (2024, "any_manager"), (2025, "leads")]
    decision_scenarios.compute_scenarios(played, read_recipe(province.output), province.url)
    assert rows(played, "select count(*) from quality.restated_changes") == [(0,)]
    assert before == rows(played, CHANGE_OF_T01) == [(12, 17, 5)]


def test_models_that_read_other_parameters_are_not_computed_again():
    def reading(parameter: str) -> Model:
        sql = f"""select (select d.value from {DECISIONS} as d where d.parameter = '{parameter}' and true) as value"""
        return Model(sql, (DECISIONS,))

    joined = Model(f"select * from {DECISIONS}", (DECISIONS,))
    above = Model('select * from "a"."one", "a"."two", "a"."all"', ('"a"."one"', '"a"."two"', '"a"."all"'))
    recipe = Recipe(
        {'"a"."one"': reading("one"), '"a"."two"': reading("two"), '"a"."all"': joined, '"a"."b"': above}, ()
    )
    again = decision_scenarios._decided(recipe, '"a"."b"', [(Switch("A1", "one", {2023: "y"}, False), "x")])
    assert [name for name in ("one", "two", "all") if f'"a"."{name}"' not in again] == ["one", "all"]
