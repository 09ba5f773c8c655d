"""The tables of the yearly report."""

import psycopg

from reporting.content import selects
from reporting.content.formats import PERCENT
from reporting.content.keys import AS_REPORTED, PROVINCE
from reporting.content.report_rows import (
    NothingToReport,
    completed,
    filled_by_indicator,
    one_version,
    read_rows,
    read_tables,
)
from reporting.content.tables import ANNUAL, Content, Table, declared, filled
from warehouse.reference.phrases import phrase

TARGETS = f"""
    select targets.indicator_code, 'value' as measure_code, targets.report_year, targets.indicator_name_vi,
           targets.unit, figures.unit_of_measure_vi as unit_vi, targets.baseline, targets.target, targets.target_year,
           targets.comparator, comparators.label_vi as comparator_vi, previous.value as previous_value, targets.value,
           changes.change, {selects.COMPARED}, targets.value_low, targets.value_high, targets.achieved_pct,
           targets.bound_kind, kinds.label_vi as bound_kind_vi,
           figures.value_status, figures.value_status_name_vi as value_status_vi, targets.verdict,
           verdicts.label_vi || coalesce(' (' || standings.label_vi || ')', '') as verdict_vi, targets.reported_as,
           {selects.COVERAGE}, {selects.PARTS}
    from reports.rpt_annual_targets as targets
    left join reports.rpt_figures as previous
        on targets.indicator_code = previous.indicator_code and targets.report_year - 1 = previous.report_year
        and previous.measure_code = 'value' and previous.breakdown = 'total' and previous.unit_uid = 'province'
        and previous.basis = 'as_reported'
    left join reports.rpt_indicator_changes as changes
        on targets.indicator_code = changes.indicator_code and targets.report_year = changes.report_year
        and changes.measure_code = 'value'
    left join reports.rpt_figures as figures
        on targets.indicator_code = figures.indicator_code and targets.report_year = figures.report_year
        and figures.measure_code = 'value' and figures.breakdown = 'total' and figures.unit_uid = 'province'
        and figures.basis = 'as_reported'
    left join reports.rpt_codes as comparators
        on comparators.code_list = 'comparators' and targets.comparator = comparators.code
    left join reports.rpt_codes as kinds on kinds.code_list = 'bound_kinds' and targets.bound_kind = kinds.code
    left join reports.rpt_codes as verdicts on verdicts.code_list = 'verdicts' and targets.verdict = verdicts.code
    left join reports.rpt_codes as standings
        on standings.code_list = 'target_standings' and targets.standing = standings.code
    where targets.report_year = %(report_year)s and targets.reported_as <> 'internal'
    order by targets.indicator_code
"""
DISCIPLINE = """
    select reporting_unit_code, unit_uid, unit_name_vi, unit_kind, unit_kind_name_vi as unit_kind_vi, expected, due_at,
           received_at, on_time, on_due_day, punctuality, punctuality_name_vi as on_time_vi, status,
           status_name_vi as status_vi, errors, open_queries
    from reports.rpt_reporting_status
    where report_year = %(report_year)s
    order by unit_kind = 'agency', unit_kind, unit_uid
"""
# without the year, unlike that of a phase: a new column would make every edition issued before differ
MISSING = f"""
    select unit_uid, unit_kind, expected, unit_name_vi,
           case when {selects.LEFT_OUT} then 'whole_province' else status end as what,
           case when {selects.LEFT_OUT} then codes.label_vi else status_name_vi end as what_vi
    from reports.rpt_reporting_status
    left join reports.rpt_codes as codes on codes.code_list = 'figures_left_out' and codes.code = 'whole_province'
    where report_year = %(report_year)s and (status in ('missing', 'rejected') or {selects.LEFT_OUT})
    order by not expected, unit_kind = 'agency', unit_uid
"""
MISSING_FIGURES = """
    select figures.indicator_code, figures.measure_code, figures.measure_name_vi as name_vi,
           figures.unit_of_measure_vi as unit_vi, count(*) as units,
           string_agg(figures.unit_name_vi, '; ' order by figures.unit_uid) as unit_names
    from reports.rpt_figures as figures
    inner join reports.rpt_reporting_status as units using (report_year, unit_uid)
    inner join reports.rpt_definitions as definitions using (indicator_code, measure_code)
    where report_year = %(report_year)s and figures.basis = 'as_reported' and figures.breakdown = 'total'
      and figures.value_status = 'not_reported' and figures.units_expected > 0
      and units.status not in ('missing', 'rejected') and units.is_programme_ground
    group by 1, 2, 3, 4, definitions.indicator_kind, definitions.measure_order
    order by definitions.indicator_kind desc, indicator_code, definitions.measure_order
"""
BEYOND_LIMIT = """
    select indicator_code, measure_code, report_year, measure_name_vi as name_vi, unit_of_measure_vi as unit_vi, value,
           limit_name_vi, at_most
    from reports.rpt_figures_beyond_limit where report_year = %(report_year)s
    order by indicator_code, measure_code
"""
# every duty of the plan, reported or not; a unit with a larger area has a status, and no part in what is added up
DUTY_TOTALS = """
    select sections.code as section, sections.label_vi as section_title_vi, names.code as duty_code,
           names.label_vi as duty_name_vi, count(duties.duty_code) as reporting_units,
           count(*) filter (where duty_status = 'done') as done_units,
           count(*) filter (where duty_status = 'continuous') as continuous_units,
           count(*) filter (where duty_status = 'in_progress') as in_progress_units,
           count(*) filter (where duty_status = 'not_started') as not_started_units,
           count(*) filter (where duty_status = 'not_assigned') as not_assigned_units,
           (select count(*) from reports.rpt_duties_owed
            where report_year = %(report_year)s and has_report and duty_code = names.code) as owing_units,
           (select count(*) from reports.rpt_duties as others
            where others.report_year = %(report_year)s and not others.is_programme_ground
              and others.duty_code = names.code) as left_out_units,
           sum(events) filter (where is_programme_ground) as events, max(events_are_vi) as events_are_vi,
           sum(people) filter (where is_programme_ground) as people,
           count(evidence_document) filter (where is_programme_ground) as documents
    from reports.rpt_codes as names
    inner join reports.rpt_codes as sections
        on sections.code_list = 'plan_sections' and starts_with(names.code, sections.code || '.')
    left join reports.rpt_duties as duties
        on names.code = duties.duty_code and duties.report_year = %(report_year)s
    where names.code_list = 'duties'
    group by sections.code, sections.label_vi, names.code, names.label_vi, names.sort_order
    order by names.sort_order
"""
DUTY_COLUMNS = """
    report_year, plan_section as section, plan_section_name_vi as section_title_vi, duty_code, duty_name_vi, unit_uid,
    unit_kind, unit_name_vi, duty_status, duty_status_name_vi as status_vi, events, people, evidence_document,
    honoured_collectives, honoured_individuals, result, file_name, '08_HOAT_DONG' as sheet_code, row_number
"""
DUTIES = f"""
    select {DUTY_COLUMNS} from reports.rpt_duties
    where report_year = %(report_year)s and is_programme_ground
    order by duty_order, unit_kind = 'agency', unit_uid
"""
HONOURS = f"""
    select {DUTY_COLUMNS} from reports.rpt_duties
    where report_year <= %(report_year)s and is_programme_ground and is_honour and duty_status <> 'not_assigned'
    order by report_year, duty_order, unit_uid
"""
DOCUMENTS = f"""
    select {DUTY_COLUMNS} from reports.rpt_duties
    where report_year = %(report_year)s and is_programme_ground and evidence_document is not null
    order by unit_kind = 'agency', unit_uid, duty_order
"""
BUDGET_ESTIMATES = """
    select report_year + 1 as estimate_year, unit_name_vi, evidence_document, estimate_sent_on,
           estimate_addressee_name_vi as addressee_vi, estimate_amount_million_vnd, file_name,
           '08_HOAT_DONG' as sheet_code, row_number
    from reports.rpt_duties
    where report_year <= %(report_year)s and num_nonnulls(estimate_amount_million_vnd, estimate_sent_on) > 0
    order by report_year, duty_order, unit_uid
"""
ADHOC_REPORTS = """
    select request_number, request_on, unit_name_vi, report_kind_name_vi as report_kind_vi, document_number, signed_on,
           data_to, received_at, status_name_vi as status_vi, receipt_number, file_name
    from reports.rpt_adhoc_reports
    where report_year = %(report_year)s
    order by request_on nulls last, request_number nulls last, received_at, file_name
"""
NEW_ORGANISATIONS = """
    select organisation_id, organisation_id as registration_number, organisation_id as group_code,
           organisation_name as cooperative_name, organisation_name as group_name, unit_name_vi, commune_name_vi,
           founded_on, sector_name_vi as sector_vi, status_name_vi as status_vi, women_lead_or_manage,
           union_supported_founding, members, workers, women_workers, ocop_stars, high_technology, file_name,
           case organisation_kind when 'cooperative' then '01_HTX' else '02_THT' end as sheet_code, row_number
    from reports.rpt_new_organisations
    where report_year = %(report_year)s and organisation_kind = %(organisation_kind)s
    order by founded_on, organisation_id
"""
MODELS = """
    select report_year, organisation_kind, organisation_kind_name_vi as organisation_kind_vi, organisation_code,
           organisation_name, unit_name_vi, supporting_agency_name_vi as supporting_agency_vi, started_on, ended_on,
           cost_million_vnd, funding_source_name_vi as funding_source_vi, result, file_name,
           '03_HO_TRO' as sheet_code, row_number
    from reports.rpt_models
    where report_year <= %(report_year)s
    order by report_year, started_on, unit_uid, row_number
"""
REGISTRY_BRIDGE = """
    select term, term_name_vi, cooperatives, array_to_string(registration_numbers, '; ') as registration_numbers
    from reports.rpt_registry_bridge
    where report_year = %(report_year)s and unit_uid = 'province'
    order by term_order
"""
CANDIDATES = """
    select organisation_id, organisation_name, unit_name_vi, commune_name_vi, sector_name_vi as sector_vi, members,
           women_members, workers, women_workers
    from reports.rpt_candidates
    where report_year = %(report_year)s and candidate_for = %(candidate_for)s
    order by women_members desc nulls last, organisation_id
"""
# of the units that reported: the others have all their duties outstanding
DUTIES_OWED = """
    select sections.code as section, sections.label_vi as section_title_vi, owed.duty_code, owed.duty_name_vi,
           owed.unit_uid, owed.unit_kind, owed.unit_name_vi, owed.frequency, owed.frequency_vi, owed.last_reported_year
    from reports.rpt_duties_owed as owed
    inner join reports.rpt_codes as names on names.code_list = 'duties' and owed.duty_code = names.code
    left join reports.rpt_codes as sections
        on sections.code_list = 'plan_sections' and starts_with(owed.duty_code, sections.code || '.')
    where owed.report_year = %(report_year)s and owed.has_report
    order by names.sort_order, owed.unit_kind = 'agency', owed.unit_uid
"""
# of the province, by source and in total at the end
SPENDING_BY_UNITS = f"""
    select figures.indicator_code, figures.measure_code, figures.report_year, figures.breakdown, figures.breakdown_code,
           figures.breakdown_code_name_vi, figures.unit, figures.unit_of_measure_vi as unit_vi, figures.value,
           figures.value_status, figures.value_status_name_vi as value_status_vi, {selects.COVERAGE}
    from reports.rpt_spending_by_units as figures
    where figures.report_year = %(report_year)s and figures.unit_uid = 'province'
    order by figures.breakdown = 'total', figures.breakdown_order, figures.breakdown_code
"""
# of the province, as the last edition of each year gave them; publishing fills in those of the new edition
PRIORITY_GROUPS = """
    select definitions.indicator_code, definitions.measure_code, definitions.measure_name_vi as name_vi,
           definitions.report_section_name_vi as section_title_vi, definitions.unit, groups.code as breakdown_code,
           groups.label_vi as breakdown_code_name_vi, previous.value as previous_value,
           coalesce(previous.value_status, 'not_applicable') as previous_value_status, given.value,
           coalesce(given.value_status, 'not_applicable') as value_status, null as remark_vi
    from reports.rpt_definitions as definitions
    inner join reports.rpt_codes as groups on groups.code_list = 'priority_groups'
    left join reports.rpt_priority_groups as given
        on definitions.indicator_code = given.indicator_code and definitions.measure_code = given.measure_code
        and groups.code = given.breakdown_code and given.report_year = %(report_year)s and given.is_latest
    left join reports.rpt_priority_groups as previous
        on definitions.indicator_code = previous.indicator_code and definitions.measure_code = previous.measure_code
        and groups.code = previous.breakdown_code and previous.report_year = %(report_year)s - 1 and previous.is_latest
    where definitions.shown_in = 'priority_groups'
    order by definitions.measure_order, groups.sort_order
"""
FACTS = """
    select count(*) filter (where expected) as expected_units,
           count(*) filter (where expected and status not in ('missing', 'rejected')) as received_units,
           count(*) filter (where expected and status in ('missing', 'rejected')) as missing_units,
           count(*) filter (where expected and punctuality = 'on_time') as on_time_units,
           count(*) filter (where expected and punctuality = 'on_due_day') as on_due_day_units,
           count(*) filter (where expected and punctuality = 'late') as late_units,
           count(*) filter (where open_queries > 0) as units_with_open_queries,
           coalesce(sum(open_queries), 0) as open_queries, max(data_to) as data_to
    from reports.rpt_reporting_status where report_year = %(report_year)s
"""
DATES = """
    select units_due_at, due_at, deadline_rule_vi,
           (select string_agg(unit_name_vi, '; ' order by unit_kind = 'agency', unit_uid)
            from reports.rpt_reporting_status
            where report_year = %(report_year)s - 1 and expected and status in ('missing', 'rejected'))
               as missing_last_year
    from reports.rpt_publication_readiness where kind = 'annual' and report_year = %(report_year)s
"""
# where the units of the map of the year stand on its tile map; whole maps alone are drawn
TILES = """
    select units.unit_uid, units.unit_name_short as name_vi, units.tile_x, units.tile_y
    from reports.rpt_map_units as units
    inner join reports.rpt_reporting_status as reporting using (unit_uid)
    where reporting.report_year = %(report_year)s and units.tile_x is not null
    order by units.tile_y, units.tile_x
"""
# which units are below the target of a percentage, and by how many; "more than 50%" needs one more than half
SHORT_BY_UNIT = """
    select figures.indicator_code, figures.unit_name_vi, needed.least - figures.numerator as short
    from reports.rpt_figures as figures
    inner join reports.rpt_annual_targets as targets using (indicator_code, report_year)
    cross join lateral (
        select case targets.comparator
                   when '>' then floor(targets.target * figures.denominator / 100) + 1
                   else ceil(targets.target * figures.denominator / 100)
               end as least
    ) as needed
    where figures.report_year = %(report_year)s and figures.basis = 'as_reported' and figures.breakdown = 'total'
      and figures.measure_code = 'value' and figures.unit = 'percent'
      and figures.unit_uid not in ('province', 'unplaced') and figures.numerator < needed.least
    order by indicator_code, short desc, figures.unit_uid
"""
# of how many units without a report each figure is missing
LACKED_WITHOUT_REPORT = """
    select figures.indicator_code, figures.measure_code, count(*) as units
    from reports.rpt_figures as figures
    inner join reports.rpt_reporting_status as status using (report_year, unit_uid)
    where report_year = %(report_year)s and figures.basis = 'as_reported' and figures.breakdown = 'total'
      and figures.value_status = 'not_reported' and figures.units_expected > 0
      and status.expected and status.status in ('missing', 'rejected')
    group by figures.indicator_code, figures.measure_code
"""
# the two figures behind each change
COMPARED_VALUES = """
    select indicator_code, value_before, value_now
    from reports.rpt_indicator_changes
    where report_year = %(report_year)s and measure_code = 'value'
"""
# the tables that are the rows of one select
OF_YEAR = ("reports.rpt_narratives", "report_year = %(report_year)s")
SELECTS = {
    "targets": TARGETS,
    "target_companions": selects.TARGET_COMPANIONS,
    "figures": selects.FIGURES,
    "breakdowns": selects.BREAKDOWNS,
    "priority_groups": PRIORITY_GROUPS,
    "spending_by_units": SPENDING_BY_UNITS,
    "duty_totals": DUTY_TOTALS,
    "duties": DUTIES,
    "duties_owed": DUTIES_OWED,
    "discipline": DISCIPLINE,
    "missing": MISSING,
    "missing_figures": MISSING_FIGURES,
    "beyond_limit": BEYOND_LIMIT,
    "narratives": selects.narratives(*OF_YEAR),
    "proposals": selects.proposals(*OF_YEAR),
    "cooperatives": selects.COOPERATIVES,
    "registry_bridge": REGISTRY_BRIDGE,
    "untrained_managers": selects.UNTRAINED_MANAGERS,
    "models": MODELS,
    "honours": HONOURS,
    "documents": DOCUMENTS,
    "budget_estimates": BUDGET_ESTIMATES,
    "adhoc_reports": ADHOC_REPORTS,
    "definitions": selects.DEFINITIONS,
}


def read_annual(connection: psycopg.Connection, report_year: int) -> Content:
    """The tables of the yearly report of `report_year` from the public tables, in one transaction.

    Facts: report_year; of the mandatory units expected_units, received_units, missing_units, on_time_units,
    on_due_day_units, late_units; missing_last_year (names); units_with_open_queries, open_queries; data_to, the last
    day of the data; short_by_unit, {indicator: [(unit, how many it lacks of the target)]}; compared_values,
    {indicator: (before, now)} over the areas that a change compares; lacked_without_report, {(indicator, measure): how
    many of the missing units owe the figure}; unit_parts, {(unit, indicator): (numerator, denominator)} of percentages;
    units_due_at and due_at (the recipients'), instants, with deadline_rule_vi; tiles (rows with unit_uid, name_vi,
    tile_x, tile_y); verdicts: how many indicators have each verdict, by its code. Raises NothingToReport."""
    with one_version(connection):

        def rows(statement: str, **more: object) -> list[dict]:
            period = {"report_year": report_year}
            return read_rows(connection, statement, {**period, **more})

        content = declared(ANNUAL, report_year)
        tables = read_tables(content, rows, SELECTS)
        if not tables["targets"].rows:
            raise NothingToReport(f"There are no figures of {report_year}.")
        for name, kind in (("new_cooperatives", "cooperative"), ("new_groups", "group")):
            tables[name] = filled(tables[name], rows(NEW_ORGANISATIONS, organisation_kind=kind))
        for name, purpose in (("honour_candidates", "honours"), ("conversion_candidates", "conversion")):
            tables[name] = filled(tables[name], rows(CANDIDATES, candidate_for=purpose))
        by_unit = rows(selects.TARGETS_BY_UNIT, basis=AS_REPORTED)
        tables["unit_targets"] = _unit_targets(tables["unit_targets"], tables["discipline"].rows, by_unit)
        drawn = {"short_by_unit": _by_indicator(rows(SHORT_BY_UNIT)), "tiles": rows(TILES)}
        drawn["compared_values"] = {
            row["indicator_code"]: (row["value_before"], row["value_now"]) for row in rows(COMPARED_VALUES)
        }
        drawn["lacked_without_report"] = {
            (row["indicator_code"], row["measure_code"]): row["units"] for row in rows(LACKED_WITHOUT_REPORT)
        }
        drawn["unit_parts"] = {
            (row["unit_uid"], row["indicator_code"]): (row["numerator"], row["denominator"])
            for row in by_unit
            if row["unit"] == PERCENT and row["denominator"] is not None
        }
        facts = {"report_year": report_year, **rows(FACTS)[0], **rows(DATES)[0], **drawn}
        return completed(content, rows, tables, "targets", **facts)


def _by_indicator(rows: list[dict]) -> dict[str, list[tuple]]:
    found: dict[str, list[tuple]] = {}
    for row in rows:
        found.setdefault(row["indicator_code"], []).append((row["unit_name_vi"], row["short"]))
    return found


def _unit_targets(table: Table, units: tuple[dict, ...], figures: list[dict]) -> Table:
    """Every district or commune of the roster, agencies with a figure of their own, and the province at the end."""
    with_figures = {row["unit_uid"] for row in figures if row["value_status"] != "not_applicable"}
    shown = [unit for unit in units if unit["unit_kind"] != "agency" or unit["unit_uid"] in with_figures]
    blank = dict.fromkeys((column.code for column in table.columns), None)
    province = {**blank, "unit_uid": PROVINCE, "unit_kind": PROVINCE, "unit_name_vi": phrase("province_total")}
    return filled_by_indicator(table, [*shown, province], figures)
