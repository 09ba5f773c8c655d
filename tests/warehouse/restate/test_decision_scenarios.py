"""Decision scenarios: the targets under every option, beside the answer key under edited reference data."""

import csv
import shutil
from contextlib import contextmanager
from decimal import Decimal

import pytest

from htx.example.answer_key import annual_targets, indicator_values
from htx.example.folder import make_example
from htx.example.reports.reported_rows import ReportedRows
from htx.example.seeds import SEEDS_FOLDER, read_seeds
from tests.datasets import rows
from warehouse.connection import connect
from warehouse.restate import decision_scenarios
from warehouse.restate.compiled_sql import Model, Recipe, read_recipe
from warehouse.restate.decision_scenarios import Edit, Option, OptionUnreadable

with (SEEDS_FOLDER / "decision_options.csv").open(encoding="utf-8", newline="") as file:
    CELLS = list(csv.DictReader(file))
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


def with_option(folder, code: str, option: str) -> None:
    """Edit the CSVs of a folder by hand, as the option says."""
    for cell in CELLS:
        if (cell["decision_code"], cell["option"]) != (code, option):
            continue
        path = folder / cell["seed_file"]
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        wanted = dict(pair.split("=") for pair in cell["seed_rows"].split())
        for line in lines:
            if all(line[column] == value for column, value in wanted.items()):
                line[cell["seed_column"]] = cell["seed_value"]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, lines[0])
            writer.writeheader()
            writer.writerows(lines)


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
    reported = ReportedRows(read_seeds(folder), *sent)
    expected = {
        (each.indicator_code, each.report_year): (each.value, each.value_low, each.value_high, each.verdict)
        for each in annual_targets(reported, indicator_values(reported))
    }

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
        ("seed_rows", "parametre=women_managed_means", 'A2, leads: "reference"."decisions" has no such rows'),
        ("seed_file", "decision.csv", 'A2, leads: "reference"."decision" has no such rows or columns'),
        ("seed_rows", "women_managed_means", "A2, leads: 'women_managed_means', 'value' names no cell"),
        ("seed_value", "any_manager", "any_manager and leads of A2 set the same cells"),
    ],
)
def test_a_typing_error_in_the_options_is_named(played, province, column, typed, message):
    with typed_into(played, "decision_options", column, typed, "option = 'leads'"):
        with pytest.raises(OptionUnreadable, match=message):
            decision_scenarios.compute_scenarios(played, read_recipe(province.output), province.url)


def test_models_that_read_other_parameters_are_not_computed_again():
    def reading(parameter: str) -> Model:
        sql = (
            f"""select (select d.value from "reference"."decisions" as d where d.parameter = '{parameter}') as value"""
        )
        return Model(sql, ('"reference"."decisions"',))

    joined = Model('select * from "reference"."decisions"', ('"reference"."decisions"',))
    recipe = Recipe({'"a"."one"': reading("one"), '"a"."two"': reading("two"), '"a"."all"': joined}, ())
    option = Option("A1", "x", (Edit('"reference"."decisions"', (("parameter", "one"),), "value", "x"),))
    reads = {name: model.reads for name, model in decision_scenarios._narrowed(recipe, option).models.items()}
    assert reads == {
        '"a"."one"': ('"reference"."decisions"',), '"a"."two"': (), '"a"."all"': ('"reference"."decisions"',),
    }  # fmt: skip
