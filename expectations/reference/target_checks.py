"""What the lint asks of indicators, measures, targets and decisions."""

import re
from collections.abc import Iterator

from expectations.reference.reference_tables import Noticed, PlanTables
from warehouse.reference.cycles import REPORTING_KINDS

COMPARATORS = (">=", ">", "=")
PERCENT = "percent"
AGGREGATIONS = ("sum", "percent", "mean")
SOURCES = ("submission", "registry", "calendar")
GROUNDS = ("units_and_maps", "units", "province")
FLAGGED = re.compile(r"flags (?P<flags>.+)")


def ask_indicators(tables: PlanTables) -> Iterator[Noticed]:
    yield from tables.repeated("indicators", "indicator_code")
    measured, decided = tables.column("measures", "indicator_code"), tables.column("decisions", "decision_code")
    targeted = tables.column("targets", "indicator_code")
    for row in tables["indicators"]:
        code = row["indicator_code"]
        if code not in measured:
            yield Noticed("indicator_unknown", row, "indicator_code", code, code, "measures.csv")
        if row["comparator"] not in COMPARATORS and (row["comparator"] or code in targeted):
            yield Noticed("comparator_missing", row, "comparator", code, row["comparator"], ", ".join(COMPARATORS))
        if row["unit"] == PERCENT:
            for part in ("numerator", "denominator"):
                if not row[part]:
                    yield Noticed("denominator_missing", row, part, code, "", part)
        for decision in row["decision"].split():
            if decision not in decided:
                yield Noticed("decision_unknown", row, "decision", code, decision)


def ask_measures(tables: PlanTables) -> Iterator[Noticed]:
    yield from tables.repeated("measures", "indicator_code", "measure_code")
    indicators = tables.column("indicators", "indicator_code")
    fields = {(row["sheet_code"], row["field_code"]) for row in tables["form_fields"]}
    sheets, lists = tables.column("form_sheets", "sheet_code"), tables.reference.code_lists
    owed = tables.column("duty_assignments", "duty_code")
    for row in tables["measures"]:
        name = f"{row['indicator_code']}.{row['measure_code']}"
        if row["indicator_code"] not in indicators:
            yield Noticed("indicator_unknown", row, "indicator_code", name, row["indicator_code"], "indicators.csv")
        for column, allowed in (
            ("unit", lists["units_of_measure"]),
            ("source", SOURCES),
            ("aggregation", AGGREGATIONS),
            ("exists_for", GROUNDS),
        ):
            if row[column] not in allowed:
                yield Noticed("code_unknown", row, column, name, row[column], ", ".join(allowed))
        if (row["unit"] == PERCENT) != (row["aggregation"] == PERCENT):
            yield Noticed(
                "unit_and_aggregation_disagree", row, "aggregation", name, row["unit"], row["aggregation"]
            )  # fmt: skip
        if row["source"] == "submission" and row["main_sheet"] not in sheets:
            yield Noticed("code_unknown", row, "main_sheet", name, row["main_sheet"], "form_sheets.csv")
        elif row["answer_field"] and (row["main_sheet"], row["answer_field"]) not in fields:
            yield Noticed("field_unknown", row, "answer_field", name, row["answer_field"], row["main_sheet"])
        if row["duty_code"] and row["duty_code"] not in lists["duties"]:
            yield Noticed("code_unknown", row, "duty_code", name, row["duty_code"], "code_lists.csv, duties")
        elif row["duty_code"] and row["duty_code"] not in owed:
            yield Noticed("duty_without_body", row, "duty_code", name, row["duty_code"])


def ask_what_measures_rest_on(tables: PlanTables) -> Iterator[Noticed]:
    """Breakdowns, reporters, assigned duties and the form's own lists."""
    lists, agencies = tables.reference.code_lists, tables.reference.code_lists["agencies"]
    measures = {(row["indicator_code"], row["measure_code"]) for row in tables["measures"]}
    for name in ("measure_breakdowns", "measure_names", "measure_reporters"):
        for row in tables[name]:
            if (row["indicator_code"], row["measure_code"]) not in measures:
                measure = f"{row['indicator_code']}.{row['measure_code']}"
                yield Noticed("indicator_unknown", row, "measure_code", name, measure, "measures.csv")
    for row in tables["measure_breakdowns"]:
        if row["breakdown"] not in tables.column("breakdowns", "breakdown"):
            yield Noticed("code_unknown", row, "breakdown", row["indicator_code"], row["breakdown"], "breakdowns.csv")
    for row in tables["breakdowns"]:
        if row["code_list"] and row["code_list"] not in lists:
            yield Noticed("code_unknown", row, "code_list", row["breakdown"], row["code_list"], "code_lists.csv")
    reporters = {*tables.column("reporting_roster", "reporting_unit_code"), *REPORTING_KINDS}
    for row in tables["measure_reporters"]:
        if row["reporter"] not in reporters:
            code = row["indicator_code"]
            yield Noticed("code_unknown", row, "reporter", code, row["reporter"], "reporting_roster.csv")
    for row in tables["duty_assignments"]:
        for column, code_list in (("duty_code", lists["duties"]), ("body", agencies)):
            if row[column] not in code_list:
                yield Noticed("code_unknown", row, column, "duty_assignments", row[column], "code_lists.csv")
    for row in tables["form_fields"]:
        if row["code_list"] and row["code_list"] not in {*lists, "reporting_units", "communes"}:
            yield Noticed("code_unknown", row, "code_list", row["field_code"], row["code_list"], "code_lists.csv")


def ask_targets(tables: PlanTables) -> Iterator[Noticed]:
    yield from tables.repeated("targets", "indicator_code", "target_year")
    indicators = {row["indicator_code"]: row for row in tables["indicators"]}
    phases = tables.reference.phases
    growth = tables.threshold("target_grows_fast")
    last: dict[str, float] = {}
    for row in sorted(tables["targets"], key=lambda row: row.integer("target_year")):
        code, year, target = row["indicator_code"], row.integer("target_year"), row.decimal("target")
        name, shown = f"{code} ({year})", row["target"]
        indicator = indicators.get(code)
        if indicator is None:
            yield Noticed("indicator_unknown", row, "indicator_code", name, code, "indicators.csv")
            continue
        phase = phases.get(row.integer("phase"))
        if phase is None:
            yield Noticed("code_unknown", row, "phase", name, row["phase"], "phases.csv")
        elif not phase.begins_on.year <= year <= phase.ends_on.year:
            inside = f"{phase.begins_on.year}-{phase.ends_on.year}"
            yield Noticed("target_year_outside_phase", row, "target_year", name, str(year), inside)
        if indicator["unit"] == PERCENT and not _can_be_met(indicator["comparator"], target):
            bounds = "0 <= x < 100" if indicator["comparator"] == ">" else "0 <= x <= 100"
            yield Noticed("percent_target_out_of_reach", row, "target", name, shown, bounds)
        before = last.get(code)
        if before is not None and target < before:
            yield Noticed("target_falls", row, "target", name, shown, f"{before:g}")
        if before and target > growth * before:
            yield Noticed("target_grows_fast", row, "target", name, shown, f"{before:g}")
        if indicator["baseline"] and indicator.decimal("baseline") > target:
            yield Noticed("baseline_above_target", indicator, "baseline", name, indicator["baseline"], shown)
        last[code] = target
    for row in tables["phases"]:
        if row["phase"] not in tables.column("targets", "phase"):
            yield Noticed("phase_without_target", row, "phase", row["name_vi"])


def _can_be_met(comparator: str, target: float) -> bool:
    return 0 <= target < 100 if comparator == ">" else 0 <= target <= 100


def ask_decisions(tables: PlanTables) -> Iterator[Noticed]:
    """Each switch changes something, and the indicators that it changes name it."""
    yield from tables.repeated("decisions", "decision_code")
    named = {code for row in tables["indicators"] for code in row["decision"].split()}
    cycle_columns = tables["report_cycles"][0].cells
    for row in tables["decisions"]:
        parameter, code = row["parameter"], row["decision_code"]
        if not parameter:
            continue
        is_read_by_figures = True
        if row["options"] == "report_cycles.csv":
            if parameter not in cycle_columns:
                yield Noticed("decision_unused", row, "parameter", code, parameter, "report_cycles.csv")
                continue
            for cycle in tables["report_cycles"]:
                said, decided = cycle[parameter], f"{code}: {row['value']}"
                if said != row["value"]:
                    place = f"{parameter} {cycle['report_year']}"
                    yield Noticed("decision_disagrees", cycle, parameter, place, said, decided)
        elif row["options"] == "flags of code_lists.csv":
            yield from _ask_flags(tables, row)
        elif f"decision('{parameter}')" not in tables.models:
            is_read_by_figures = False
            if f'"{parameter}"' not in tables.code and f"'{parameter}'" not in tables.code:
                yield Noticed("decision_unused", row, "parameter", code, parameter, "decision('…'), dbt_project/models")
        if is_read_by_figures and code not in named:
            yield Noticed("decision_unnamed", row, "decision_code", code, parameter)


def _ask_flags(tables: PlanTables, row) -> Iterator[Noticed]:
    """A switch that is set by flags of code_lists.csv: `flags T01 T02`, or the codes that have the flag."""
    flags = tables.reference.code_flags
    flagged = FLAGGED.fullmatch(row["value"])
    if flagged:
        used = {flag for codes in flags.values() for each in codes.values() for flag in each}
        for flag in flagged["flags"].split():
            if flag not in used:
                yield Noticed("decision_unused", row, "value", row["decision_code"], flag, "code_lists.csv, flags")
        return
    operating = {code for code, each in flags["cooperative_statuses"].items() if "operating" in each}
    if operating != set(row["value"].split()):
        place = "cooperative_statuses, operating"
        yield Noticed("decision_disagrees", row, "value", place, " ".join(sorted(operating)), row["value"])


TARGET_CHECKS = (ask_indicators, ask_measures, ask_what_measures_rest_on, ask_targets, ask_decisions)
