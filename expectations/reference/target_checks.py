"""Checks of indicators, measures, targets and decisions against each other."""

import re
from collections.abc import Iterator

from expectations.reference.reference_tables import ReferenceTables, Violation
from warehouse.reference.csv_rows import Row
from warehouse.reference.cycles import REPORTING_KINDS

COMPARATORS = (">=", ">", "=")
PERCENT = "percent"
NUMERIC = ("integer", "money", "number")
ONLY_MEASURE = "value"
"""the code of the one measure of an indicator, which is called as the indicator"""
CODES = re.compile(r"code_lists\[(?P<code_list>\w+)\]")
"""the options of a decision that is one or several codes of a list"""


def check_indicators(tables: ReferenceTables) -> Iterator[Violation]:
    decided, targeted = tables.column("decisions", "decision_code"), tables.column("targets", "indicator_code")
    for row in tables["indicators"]:
        code = row["indicator_code"]
        if code in targeted and not row["comparator"]:
            yield Violation("comparator_missing", row, "comparator", code, row["comparator"], ", ".join(COMPARATORS))
        for part in ("numerator", "denominator") if row["unit"] == PERCENT else ():
            if not row[part]:
                yield Violation("denominator_missing", row, part, code, "", part)
        for decision in row["decision"].split():
            if decision not in decided:
                yield Violation("decision_unknown", row, "decision", code, decision)


def check_measures(tables: ReferenceTables) -> Iterator[Violation]:
    assigned = tables.column("duty_assignments", "duty_code")
    named = tables.columns("measure_names", "indicator_code", "measure_code")
    for row in tables["measures"]:
        name = f"{row['indicator_code']}.{row['measure_code']}"
        if (row["unit"] == PERCENT) != (row["aggregation"] == PERCENT):
            shown = row["unit"], row["aggregation"]
            yield Violation("unit_and_aggregation_disagree", row, "aggregation", name, *shown)
        if row["source"] == "submission" and not row["main_sheet"]:
            yield Violation("code_unknown", row, "main_sheet", name, "", "form_sheets.csv")
        if row["duty_code"] and row["duty_code"] not in assigned:
            yield Violation("duty_without_body", row, "duty_code", name, row["duty_code"])
        if row["measure_code"] != ONLY_MEASURE and (row["indicator_code"], row["measure_code"]) not in named:
            yield Violation("code_unknown", row, "measure_code", name, row["measure_code"], "measure_names.csv")


def check_contributions(tables: ReferenceTables) -> Iterator[Violation]:
    """Each figure that is computed from rows has a rule, a duty's answer, or a model of its own."""
    ruled = tables.columns("contribution_rules", "indicator_code", "measure_code")
    fields = tables.columns("form_fields", "sheet_code", "field_code")
    sheets = {}
    for row in tables["measures"]:
        code, measure = row["indicator_code"], row["measure_code"]
        sheets[code, measure] = row["main_sheet"]
        has_model = f"'{code}' as indicator_code" in tables.models
        if row["source"] != "calendar" and not (row["duty_code"] or has_model or (code, measure) in ruled):
            yield Violation("code_unknown", row, "measure_code", f"{code}.{measure}", measure, "contribution_rules.csv")
    for row in tables["contribution_rules"]:
        sheet = sheets.get((row["indicator_code"], row["measure_code"]))
        if sheet and (sheet, row["field_code"]) not in fields:
            name = f"{row['indicator_code']}.{row['measure_code']}"
            yield Violation("code_unknown", row, "field_code", name, row["field_code"], f"form_fields.csv, {sheet}")


def check_fields_and_reporters(tables: ReferenceTables) -> Iterator[Violation]:
    reporters = {*tables.column("reporting_roster", "reporting_unit_code"), *REPORTING_KINDS}
    for row in tables["measure_reporters"]:
        if row["reporter"] not in reporters:
            code = row["indicator_code"]
            yield Violation("code_unknown", row, "reporter", code, row["reporter"], "reporting_roster.csv")
    for row in tables["form_fields"]:
        if row["code_list"] and row["code_list"] not in {*tables.reference.code_lists, "reporting_units", "communes"}:
            yield Violation("code_unknown", row, "code_list", row["field_code"], row["code_list"], "code_lists.csv")
    fields = tables.columns("form_fields", "sheet_code", "field_code")
    for row in tables["rule_comparisons"]:
        for field in row["fields"].split():
            if (row["frame"], field) not in fields:
                yield Violation(
                    "code_unknown", row, "fields", row["rule_code"], field, f"form_fields.csv, {row['frame']}"
                )
    flows = [row for row in tables["form_fields"] if row["measure"] == "flow" and row["type"] in NUMERIC]
    yearly = {(row["sheet_code"], row["field_code"]) for row in flows}
    for row in tables["running_totals"]:  # rule Y06 compares figures of a year with those of the year before
        if (row["sheet_code"], row["field_code"]) not in yearly:
            expected = "form_fields.csv, flow"
            yield Violation("code_unknown", row, "field_code", row["sheet_code"], row["field_code"], expected)


def check_targets(tables: ReferenceTables) -> Iterator[Violation]:
    indicators = {row["indicator_code"]: row for row in tables["indicators"]}
    last: dict[str, float] = {}
    for row in sorted(tables["targets"], key=lambda row: row.integer("target_year")):
        code, year, target = row["indicator_code"], row.integer("target_year"), row.decimal("target")
        name, indicator = f"{code} ({year})", indicators.get(code)
        if indicator is None:
            continue
        phase = tables.reference.phases.get(row.integer("phase"))
        if phase and not phase.begins_on.year <= year <= phase.ends_on.year:
            inside = f"{phase.begins_on.year}-{phase.ends_on.year}"
            yield Violation("target_year_outside_phase", row, "target_year", name, str(year), inside)
        if indicator["unit"] == PERCENT and not _can_be_met(indicator["comparator"], target):
            bounds = "0 <= x < 100" if indicator["comparator"] == ">" else "0 <= x <= 100"
            yield Violation("percent_target_out_of_reach", row, "target", name, row["target"], bounds)
        before = last.get(code)
        if before is not None and target < before:
            yield Violation("target_falls", row, "target", name, row["target"], f"{before:g}")
        if before and target > tables.threshold("target_grows_fast") * before:
            yield Violation("target_grows_fast", row, "target", name, row["target"], f"{before:g}")
        if indicator["baseline"] and indicator.decimal("baseline") > target:
            yield Violation(
                "baseline_above_target", indicator, "baseline", name, indicator["baseline"], row["target"]
            )  # fmt: skip
        last[code] = target
    for row in tables["phases"]:
        if row["phase"] not in tables.column("targets", "phase"):
            yield Violation("phase_without_target", row, "phase", row["name_vi"])


def _can_be_met(comparator: str, target: float) -> bool:
    return 0 <= target < 100 if comparator == ">" else 0 <= target <= 100


def check_decisions(tables: ReferenceTables) -> Iterator[Violation]:
    """Each switch changes something, and the indicators that it changes name it. A decision holds from the first
    report year on."""
    named = {code for row in tables["indicators"] for code in row["decision"].split()}
    first, begun = min(tables.reference.cycles), set()
    for row in sorted(tables["decisions"], key=lambda row: row.integer("valid_from_year")):
        year = row.integer("valid_from_year")
        if year not in tables.reference.cycles or (row["decision_code"] not in begun and year != first):
            yield Violation("decision_begins", row, "valid_from_year", row["decision_code"], str(year), str(first))
        begun.add(row["decision_code"])
        parameter, code = row["parameter"], row["decision_code"]
        if not parameter:
            continue
        is_read_by_figures = True
        if row["options"] == "report_cycles.csv":
            if parameter not in tables["report_cycles"][0].cells:
                yield Violation("decision_unused", row, "parameter", code, parameter, "report_cycles.csv")
                continue
            yield from _check_cycles(tables, row)
        elif f"decision('{parameter}'," not in tables.models:
            is_read_by_figures = False
            if f'"{parameter}"' not in tables.code and f"'{parameter}'" not in tables.code:
                expected = "decision('…', …), dbt_project/models"
                yield Violation("decision_unused", row, "parameter", code, parameter, expected)
        if listed := CODES.fullmatch(row["options"]):
            codes = tables.reference.code_lists[listed["code_list"]]
            for unknown in [each for each in row["value"].split() if each not in codes]:
                yield Violation("code_unknown", row, "value", code, unknown, f"code_lists.csv, {listed['code_list']}")
        if is_read_by_figures and code not in named:
            yield Violation("decision_unnamed", row, "decision_code", code, parameter)


def _check_cycles(tables: ReferenceTables, decision: Row) -> Iterator[Violation]:
    """A switch that is a column of report_cycles.csv has the decided value in every year for which it holds."""
    parameter, code = decision["parameter"], decision["decision_code"]
    later = {row.integer("valid_from_year") for row in tables["decisions"] if row["decision_code"] == code}
    for cycle in tables["report_cycles"]:
        year = cycle.integer("report_year")
        holds = max((begins for begins in later if begins <= year), default=None) == decision.integer("valid_from_year")
        if holds and cycle[parameter] != decision["value"]:
            place, decided = f"{parameter} {cycle['report_year']}", f"{code}: {decision['value']}"
            yield Violation("decision_disagrees", cycle, parameter, place, cycle[parameter], decided)


TARGET_CHECKS = (
    check_indicators, check_measures, check_contributions, check_fields_and_reporters, check_targets, check_decisions
)  # fmt: skip
