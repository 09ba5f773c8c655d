"""The selects that the yearly report and the review of a phase share, one for each table.

Each takes %(report_year)s, the last year of the document, and gives the columns that columns.csv declares."""

# how many of the units that owe a figure gave it; nothing for what no unit reports
COVERAGE = """
    case when figures.units_expected > 0 then figures.units_reported || '/' || figures.units_expected end as coverage_vi
"""
# a change says in how many of the areas it compares where it does not compare all, and where another decision begins
COMPARED = """
    case when not changes.is_whole and changes.change is not null
         then concat_ws('; ', changes.areas_compared || '/' || changes.areas_expected,
                        (select label_vi from reports.rpt_codes
                         where changes.is_restated and code_list = 'comparisons' and code = 'restated'))
    end as compared_vi
"""
# what a percentage of the year and one of the year before are made of
PARTS = """
    figures.numerator as value_numerator, figures.denominator as value_denominator,
    previous.numerator as previous_value_numerator, previous.denominator as previous_value_denominator
"""
# of the province, by section of the document, with those of the year before
FIGURES = f"""
    select definitions.report_section as section, definitions.report_section_name_vi as section_title_vi,
           figures.indicator_code, figures.measure_code, figures.measure_name_vi as name_vi, figures.unit,
           figures.unit_of_measure_vi as unit_vi, figures.report_year, figures.value,
           previous.value as previous_value, previous.value_status as previous_value_status,
           case when figures.value is not null and previous.value is not null then changes.change end as change,
           {COMPARED}, figures.value_status,
           figures.value_status_name_vi as value_status_vi, {COVERAGE}, {PARTS}
    from reports.rpt_figures as figures
    inner join reports.rpt_definitions as definitions using (indicator_code, measure_code)
    left join reports.rpt_figures as previous
        on (previous.indicator_code, previous.measure_code, previous.breakdown, previous.breakdown_code,
            previous.unit_uid, previous.basis, previous.report_year)
         = (figures.indicator_code, figures.measure_code, figures.breakdown, figures.breakdown_code,
            figures.unit_uid, figures.basis, figures.report_year - 1)
    left join reports.rpt_indicator_changes as changes
        on (changes.indicator_code, changes.measure_code, changes.report_year)
         = (figures.indicator_code, figures.measure_code, figures.report_year)
    where figures.report_year = %(report_year)s and figures.unit_uid = 'province'
      and figures.basis = 'as_reported' and figures.breakdown = 'total' and definitions.reported_as <> 'internal'
    order by definitions.section_order, definitions.indicator_kind desc, indicator_code, definitions.measure_order
"""
# also parts with a figure of the year before alone: their key is of that year. A part is compared where the whole is
BREAKDOWNS = """
    with
    parts as (
        select * from reports.rpt_figures
        where report_year between %(report_year)s - 1 and %(report_year)s and unit_uid = 'province'
          and basis = 'as_reported' and breakdown <> 'total'
    )
    select definitions.report_section as section, definitions.report_section_name_vi as section_title_vi,
           parts.indicator_code, parts.measure_code, parts.measure_name_vi as name_vi, parts.unit,
           parts.unit_of_measure_vi as unit_vi, parts.breakdown, parts.breakdown_name_vi,
           parts.breakdown_code, parts.breakdown_code_name_vi, parts.report_year,
           figures.value, previous.value as previous_value, previous.value_status as previous_value_status,
           case when changes.is_whole then figures.value - previous.value end as change, figures.value_status,
           figures.value_status_name_vi as value_status_vi
    from parts
    inner join reports.rpt_definitions as definitions using (indicator_code, measure_code)
    left join parts as figures
        on (figures.indicator_code, figures.measure_code, figures.breakdown, figures.breakdown_code,
            figures.report_year)
         = (parts.indicator_code, parts.measure_code, parts.breakdown, parts.breakdown_code, %(report_year)s)
    left join parts as previous
        on (previous.indicator_code, previous.measure_code, previous.breakdown, previous.breakdown_code,
            previous.report_year)
         = (parts.indicator_code, parts.measure_code, parts.breakdown, parts.breakdown_code, %(report_year)s - 1)
    left join reports.rpt_indicator_changes as changes
        on (changes.indicator_code, changes.measure_code, changes.report_year)
         = (parts.indicator_code, parts.measure_code, %(report_year)s)
    where parts.report_year = %(report_year)s or (figures.report_year is null and parts.value is not null)
    order by definitions.section_order, definitions.indicator_kind desc, indicator_code, definitions.measure_order,
             parts.breakdown, parts.breakdown_code = 'not_stated', parts.breakdown_order, parts.breakdown_code
"""
# an agency that gave figures of the whole new province alone
LEFT_OUT = "status not in ('missing', 'rejected') and not is_programme_ground"
# units without figures that count, over the years of the document
MISSING = f"""
    select report_year, unit_uid, unit_kind, expected, unit_name_vi,
           case when {LEFT_OUT} then 'whole_province' else status end as what,
           case when {LEFT_OUT} then codes.label_vi else status_name_vi end as what_vi
    from reports.rpt_reporting_status
    left join reports.rpt_codes as codes on codes.code_list = 'figures_left_out' and codes.code = 'whole_province'
    where report_year between %(first_report_year)s and %(report_year)s
      and (status in ('missing', 'rejected') or {LEFT_OUT})
    order by report_year, not expected, unit_kind = 'agency', unit_uid
"""


def narratives(relation: str, condition: str) -> str:
    """What units write, by section, the Union first."""
    return f"""
        select narrative_section as section, narrative_section_name_vi as section_title_vi, unit_uid, unit_name_vi,
               is_union, text, addressee, addressee_name_vi as addressee_vi, file_name,
               '12_DANH_GIA' as sheet_code, row_number
        from {relation}
        where {condition}
        order by section_order, is_union desc, unit_kind = 'agency', unit_uid, addressee_order nulls last,
                 submission_id, row_number
    """


def proposals(relation: str, condition: str) -> str:
    """What units propose, by addressee, the Union first."""
    return f"""
        select addressee, addressee_name_vi as addressee_vi, unit_uid, unit_name_vi, is_union, text, file_name,
               '12_DANH_GIA' as sheet_code, row_number
        from {relation}
        where {condition} and (addressee is not null or narrative_section = 'proposals')
        order by addressee_order nulls last, is_union desc, unit_kind = 'agency', unit_uid, submission_id, row_number
    """


COOPERATIVES = """
    select registration_number, cooperative_name, unit_uid, unit_name_vi, commune_name_vi, registered_on, sector,
           sector_name_vi as sector_vi, status, status_name_vi as status_vi, is_failing, is_women_managed,
           union_supported_founding, is_new, members, women_members, workers, women_workers, managers,
           women_managers, woman_leads, women_stable_jobs, women_new_jobs, classification,
           classification_name_vi as classification_vi, classification_year, charter_capital_million_vnd,
           revenue_million_vnd, profit_million_vnd, average_monthly_income_million_vnd, ocop_stars, file_name,
           '01_HTX' as sheet_code, row_number
    from reports.rpt_cooperatives
    where report_year = %(report_year)s
    order by unit_uid, registration_number
"""
# who keeps T05 from 100 %
UNTRAINED_MANAGERS = """
    select registration_number, cooperative_name, unit_name_vi, commune_name_vi, women_managers, women_managers_trained,
           women_managers - women_managers_trained as untrained, file_name, '01_HTX' as sheet_code, row_number
    from reports.rpt_cooperatives
    where report_year = %(report_year)s and is_operating and is_in_scope and women_managers > women_managers_trained
    order by untrained desc, unit_uid, registration_number
"""
TARGET_COMPANIONS = f"""
    select figures.indicator_code, figures.measure_code, figures.measure_name_vi as name_vi, figures.report_year,
           figures.unit, figures.unit_of_measure_vi as unit_vi, figures.value, figures.value_status,
           figures.value_status_name_vi as value_status_vi, {COVERAGE}
    from reports.rpt_target_companions as figures
    inner join reports.rpt_definitions as definitions using (indicator_code, measure_code)
    where figures.report_year = %(report_year)s and figures.unit_uid = 'province' and figures.breakdown = 'total'
    order by figures.indicator_code, definitions.measure_order
"""
# the default of each decision, and the option that holds for the year where it is another
DECISIONS = """
    select decision_code, question_vi, default_vi, parameter, parameter_value, valid_from_year, source_vi,
           indicator_codes as indicators,
           case when parameter_value <> default_option then coalesce(parameter_value_vi, parameter_value) end
               as option_vi
    from reports.rpt_decisions
    where %(report_year)s between valid_from_year and coalesce(valid_to_year, %(report_year)s)
    order by decision_order
"""
DEFINITIONS = """
    select indicator_code, measure_code, measure_name_vi as name_vi, unit_of_measure_vi as unit_vi, plan_section,
           definition_vi, decision_codes
    from reports.rpt_definitions
    where reported_as <> 'internal'
    order by indicator_kind desc, indicator_code, measure_order
"""
# of the units of a map and of the province
TARGETS_BY_UNIT = """
    select figures.indicator_code, figures.measure_code, figures.indicator_name_vi, figures.unit,
           figures.unit_of_measure_vi as unit_vi, figures.report_year, figures.unit_uid, figures.basis,
           figures.value, figures.value_status, figures.numerator, figures.denominator
    from reports.rpt_figures as figures
    inner join reports.rpt_definitions as definitions using (indicator_code, measure_code)
    where figures.report_year = %(report_year)s and figures.basis = %(basis)s and figures.breakdown = 'total'
      and definitions.indicator_kind = 'target' and figures.measure_code = 'value'
      and indicator_code in (
          select indicator_code from reports.rpt_figures
          where report_year = %(report_year)s and basis = %(basis)s and unit_uid not in ('province', 'unplaced')
      )
    order by indicator_code, figures.unit_uid
"""
PERCENT_DECIMALS = """
    select parameter_value::integer as percent_decimals
    from reports.rpt_decisions
    where parameter = 'percent_decimals_shown'
      and %(report_year)s between valid_from_year and coalesce(valid_to_year, %(report_year)s)
"""
