"""The tables of the review of a phase."""

from itertools import groupby
from operator import itemgetter

import psycopg

from reporting.content import selects
from reporting.content.keys import PROVINCE, FigureKey
from reporting.content.report_rows import (
    KEY_COLUMNS,
    NothingToReport,
    completed,
    filled_by_indicator,
    one_version,
    read_rows,
    read_tables,
)
from reporting.content.tables import PHASE_REVIEW, Content, Table, declared, expanded, filled
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import publication_words

LAST_YEAR = """
    select phase, max(report_year) as report_year, min(report_year) as first_report_year
    from reports.rpt_phase_path where phase = %(phase)s group by phase
"""
PATH = """
    select path.indicator_code, 'value' as measure_code, path.report_year, path.indicator_name_vi, path.unit,
           definitions.unit_of_measure_vi as unit_vi, path.baseline, path.value, figures.value_status,
           figures.numerator as value_numerator, figures.denominator as value_denominator,
           path.target, path.target_year, path.comparator, comparators.label_vi as comparator_vi, path.value_low,
           path.value_high, path.bound_kind, kinds.label_vi as bound_kind_vi, path.achieved_pct, path.verdict,
           path.verdict_name_vi as verdict_vi, review.contributing_units, review.missing_units,
           definitions.reported_as
    from reports.rpt_phase_path as path
    inner join reports.rpt_definitions as definitions
        on path.indicator_code = definitions.indicator_code and definitions.measure_code = 'value'
    left join reports.rpt_figures as figures
        on path.indicator_code = figures.indicator_code and path.report_year = figures.report_year
        and figures.measure_code = 'value' and figures.breakdown = 'total' and figures.unit_uid = 'province'
        and figures.basis = 'as_reported'
    left join reports.rpt_phase_review as review
        on path.phase = review.phase and path.indicator_code = review.indicator_code
    left join reports.rpt_codes as comparators
        on comparators.code_list = 'comparators' and path.comparator = comparators.code
    left join reports.rpt_codes as kinds on kinds.code_list = 'bound_kinds' and path.bound_kind = kinds.code
    where path.phase = %(phase)s and definitions.reported_as <> 'internal'
    order by path.indicator_code, path.report_year
"""
CONTRIBUTIONS = """
    select indicator_code, 'value' as measure_code, parts.indicator_name_vi, parts.unit,
           definitions.unit_of_measure_vi as unit_vi, report_year, basis, unit_uid, unit_kind, unit_name_vi, value,
           value_status
    from reports.rpt_phase_contributions as parts
    inner join reports.rpt_definitions as definitions using (indicator_code)
    where phase = %(phase)s and definitions.measure_code = 'value'
    order by indicator_code, unit_uid
"""
OUTLOOK = """
    select indicator_code, 'value' as measure_code, report_year, outlook.indicator_name_vi, outlook.unit,
           definitions.unit_of_measure_vi as unit_vi, outlook.value, figures.numerator as value_numerator,
           figures.denominator as value_denominator, comparators.label_vi as comparator_vi, next_target,
           next_target_year, remaining, years_left, pace_needed, pace_so_far, pace_withheld, pace_withheld_vi,
           case when review.verdict = 'undecided' then null else expected_value end as expected_value,
           expected_is_capped and review.verdict <> 'undecided' as expected_is_capped, limit_vi,
           outlook.outlook, outlook_vi, review.verdict = 'undecided' as is_undecided
    from reports.rpt_phase_outlook as outlook
    inner join (select phase, indicator_code, verdict from reports.rpt_phase_review) as review
        using (phase, indicator_code)
    inner join reports.rpt_definitions as definitions using (indicator_code)
    inner join reports.rpt_figures as figures using (indicator_code, report_year, measure_code)
    left join reports.rpt_codes as comparators
        on comparators.code_list = 'comparators' and outlook.comparator = comparators.code
    where phase = %(phase)s and measure_code = 'value' and definitions.reported_as <> 'internal'
      and figures.breakdown = 'total' and figures.unit_uid = 'province' and figures.basis = 'as_reported'
    order by indicator_code
"""
TARGET_PROPOSALS = """
    select indicator_code, 'value' as measure_code, proposals.report_year, proposals.indicator_name_vi, topic,
           rule_code, definitions.unit, definitions.unit_of_measure_vi as unit_vi, proposals.value,
           comparators.label_vi as comparator_vi, proposals.next_target, proposals.next_target_year, proposal,
           proposal_vi, because_vi, effect_vi, proposed_target, proposed_year, proposals.decision_codes
    from reports.rpt_target_proposals as proposals
    inner join reports.rpt_definitions as definitions using (indicator_code)
    inner join reports.rpt_phase_outlook as outlook using (phase, indicator_code)
    left join reports.rpt_codes as comparators
        on comparators.code_list = 'comparators' and outlook.comparator = comparators.code
    where phase = %(phase)s and definitions.measure_code = 'value'
    order by indicator_code
"""
DUTY_PROPOSALS = """
    select duty_code, duty_name_vi, rule_code, proposal, proposal_vi, because_vi, effect_vi, report_year,
           assigned_units, reported_units, done_units, in_progress_units
    from reports.rpt_duty_proposals
    where phase = %(phase)s
    order by rule_code, duty_order
"""
DUTIES = """
    select plan_section, plan_section_name_vi as section_title_vi, duty_code, duty_name_vi, report_year,
           done_units || '/' || assigned_units as value, assigned_units, reported_units, done_units, in_progress_units,
           sum(done_units) over (partition by duty_code) > 0 as is_done_in_phase
    from reports.rpt_phase_duties
    where phase = %(phase)s
    order by duty_order, report_year
"""
# figures of each year of the phase, and what they come to
TOTALS = """
    select totals.topic, totals.topic_name_vi as topic_vi, totals.indicator_code, totals.measure_code, totals.breakdown,
           totals.breakdown_code, totals.measure_name_vi as name_vi,
           case when totals.breakdown <> 'total' then totals.breakdown_code_name_vi end as part_vi, totals.unit,
           totals.unit_of_measure_vi as unit_vi, totals.total_is, totals.value as total, totals.incomplete_years,
           years.report_year, figures.value, coalesce(figures.value_status, 'not_applicable') as value_status
    from reports.rpt_phase_totals as totals
    cross join (select distinct report_year from reports.rpt_phase_path where phase = %(phase)s) as years
    left join reports.rpt_figures as figures
        on (figures.indicator_code, figures.measure_code, figures.breakdown, figures.breakdown_code)
         = (totals.indicator_code, totals.measure_code, totals.breakdown, totals.breakdown_code)
        and figures.report_year = years.report_year and figures.unit_uid = 'province' and figures.basis = 'as_reported'
    where totals.phase = %(phase)s
    order by totals.topic_order, totals.position, totals.breakdown_order, years.report_year
"""
# the units that keep a target of 100 % from being met
SHORTFALLS = """
    select figures.indicator_code, figures.measure_code, figures.indicator_name_vi, figures.report_year,
           figures.unit_uid, figures.unit_name_vi, figures.unit, figures.value, figures.value_status, figures.numerator,
           figures.denominator, figures.denominator - figures.numerator as short
    from reports.rpt_phase_path as path
    inner join reports.rpt_figures as figures using (indicator_code, report_year)
    where path.phase = %(phase)s and path.report_year = %(report_year)s and path.verdict = 'not_met'
      and path.target = 100 and figures.unit = 'percent' and figures.measure_code = 'value'
      and figures.breakdown = 'total' and figures.basis = 'as_reported' and figures.unit_uid <> 'province'
      and figures.numerator < figures.denominator
    order by figures.indicator_code, short desc, figures.unit_uid
"""
DATES = """
    select due_at, deadline_rule_vi, name_vi as phase_name_vi, expected_units, received_units, missing_units,
           (select max(data_to) from reports.rpt_reporting_status where report_year = %(report_year)s) as data_to
    from reports.rpt_publication_readiness where kind = 'phase_review' and phase = %(phase)s
"""
OF_PHASE = ("reports.rpt_phase_narratives", "phase = %(phase)s")
SELECTS = {
    "figures": selects.FIGURES,
    "missing": selects.MISSING,
    "target_companions": selects.TARGET_COMPANIONS,
    "untrained_managers": selects.UNTRAINED_MANAGERS,
    "shortfalls": SHORTFALLS,
    "outlook": OUTLOOK,
    "proposals": selects.proposals(*OF_PHASE),
    "target_proposals": TARGET_PROPOSALS,
    "duty_proposals": DUTY_PROPOSALS,
    "narratives": selects.narratives(*OF_PHASE),
    "definitions": selects.DEFINITIONS,
}
WEAK, SUM = "weak", "sum"


def read_phase(connection: psycopg.Connection, phase: int) -> Content:
    """The tables of the review of `phase` from the public tables, in one transaction.

    Tables of one year (figures, weak cooperatives, shortfalls) are of the last year with reports; narratives and
    proposals are of reports on the phase alone.
    Facts: phase, review_kind_vi (sơ kết or tổng kết), first_report_year, report_year (the last with reports), years;
    phase_name_vi, due_at (an instant), deadline_rule_vi, expected_units and received_units (reports of all years),
    missing_units (names); data_to, the last day of the last year's data; verdicts: how many indicators have each
    verdict, by its code.

    Raises NothingToReport."""
    with one_version(connection):
        found = read_rows(connection, LAST_YEAR, {"phase": phase})
        if not found:
            raise NothingToReport(f"There are no figures of phase {phase}.")
        [period] = found

        def rows(statement: str) -> list[dict]:
            return read_rows(connection, statement, period)

        content = declared(PHASE_REVIEW, phase)
        tables = read_tables(content, rows, SELECTS)
        weak = [row for row in rows(selects.COOPERATIVES) if row["is_failing"] or row["classification"] == WEAK]
        tables["weak_cooperatives"] = filled(tables["weak_cooperatives"], weak)
        path = rows(PATH)
        tables["path"] = _by_year(tables["path"], path, "indicator_code")
        tables["duties"] = _by_year(tables["duties"], rows(DUTIES), "duty_code")
        tables["totals"] = _totals(tables["totals"], rows(TOTALS))
        tables["contributions"] = _contributions(tables["contributions"], rows(CONTRIBUTIONS), path)
        years = sorted({row["report_year"] for row in path})
        facts = {**period, **rows(DATES)[0], "review_kind_vi": publication_words(PHASE_REVIEW, phase)["review"]}
        return completed(content, rows, tables, "path", **facts, years=years)


def _by_year(table: Table, found: list[dict], *identity: str) -> Table:
    """A row for all years of what `identity` names: that of its last year, with a column for the value of each year."""
    years = sorted({row["report_year"] for row in found})
    rows = []
    for _, of_years in groupby(found, key=itemgetter(*identity)):
        by_year = {row["report_year"]: row for row in of_years}
        row = dict(by_year[max(by_year)])
        for year in years:
            code, value = f"value_{year}", by_year.get(year, {})
            row |= {
                code: value.get("value"),
                f"{code}_status": value.get("value_status", "not_applicable"),
                f"{code}_unit": row.get("unit"),
                f"{code}_numerator": value.get("value_numerator"),
                f"{code}_denominator": value.get("value_denominator"),
                f"{code}_key": value.get("key"),
            }
        rows.append(row)
    return filled(expanded(table, "report_year", [{"report_year": year} for year in years]), rows)


def _totals(table: Table, found: list[dict]) -> Table:
    """What is added up over the years has a key of all of them; a part without a figure has none."""
    keyed = [{**row, "key": None if row["value"] is None else row["key"]} for row in found]
    by_year = _by_year(table, keyed, "indicator_code", "measure_code", "breakdown", "breakdown_code")
    first = min(row["report_year"] for row in found) if found else None
    rows = []
    for row in by_year.rows:
        if row["total_is"] == SUM and first != row["report_year"]:
            row["key"] = str(FigureKey(**{name: row[name] for name in KEY_COLUMNS if name in row}, first_year=first))
        rows.append({**row, "value": row["total"], "key": None if row["total"] is None else row["key"]})
    return filled(by_year, rows)


def _contributions(table: Table, parts: list[dict], path: list[dict]) -> Table:
    """The units of the map, the agencies, what has no place, and the province, which is their sum."""
    kinds = {row["unit_uid"]: row for row in parts}
    order = ("district", "commune", "agency", "unplaced")
    units = sorted(kinds.values(), key=lambda row: (order.index(row["unit_kind"]), row["unit_uid"]))
    shown = {row["indicator_code"]: row for row in parts}
    last = max(row["report_year"] for row in path)
    province = []
    for row in path:
        if row["report_year"] == last and row["indicator_code"] in shown:
            part = shown[row["indicator_code"]]
            key = FigureKey(row["indicator_code"], row["measure_code"], last, basis=part["basis"])
            of_province = {"unit_uid": PROVINCE, "value": row["value"], "value_status": row["value_status"]}
            province.append({**part, **of_province, "key": str(key)})
    places = [{code: unit[code] for code in ("unit_uid", "unit_kind", "unit_name_vi")} for unit in units]
    whole = {"unit_uid": PROVINCE, "unit_kind": PROVINCE, "unit_name_vi": phrase("province_total")}
    return filled_by_indicator(table, [*places, whole], [*parts, *province])
