with

measures as (
    select * from {{ ref('measures') }}
    where source <> 'calendar'
),

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

form_sheets as (
    select * from {{ ref('int_form_sheets_versioned') }}
),

assigned as (
    select * from {{ ref('int_duties_assigned') }}
),

reporters as (
    {{ reporters_by_measure() }}
),

-- a sheet, or a figure, that is some agencies' own names them
joined as (
    select
        measures.indicator_code,
        measures.measure_code,
        measures.source,
        measures.duty_code,
        unit_years.report_year,
        unit_years.unit_uid,
        unit_years.is_mandatory,
        assigned.duty_code is not null as is_assigned,
        {{ holds('form_sheets.applies_to', 'unit_years.reporting_unit_code') }}
        or coalesce(unit_years.reporting_unit_code = any(reporters.reporters), false) as is_named,
        case
            when measures.source = 'registry' then unit_years.is_territorial
            else
                (
                    {{ holds('form_sheets.applies_to', 'unit_years.unit_kind') }}
                    or {{ holds('form_sheets.applies_to', 'unit_years.reporting_unit_code') }}
                )
                and {{ is_reporter(['unit_years.reporting_unit_code', 'unit_years.unit_kind']) }}
                and (
                    measures.needs_year_before = 'no'
                    or exists (select 1 from unit_years as earlier where earlier.report_year + 1 = unit_years.report_year)
                )
        end as is_applicable
    from measures
    cross join unit_years
    left join form_sheets
        on unit_years.form_version = form_sheets.form_version and measures.main_sheet = form_sheets.sheet_code
    left join reporters using (indicator_code, measure_code)
    left join assigned
        on
            unit_years.report_year = assigned.report_year
            and unit_years.unit_uid = assigned.unit_uid
            and measures.duty_code = assigned.duty_code
)

-- a figure of a duty is owed by whom the plan gives the duty, any other by whom must report, and by whom it names
select
    indicator_code,
    measure_code,
    report_year,
    unit_uid,
    is_applicable,
    is_applicable and source = 'submission' and case when duty_code is null then is_mandatory or is_named else is_assigned end
        as is_owed
from joined
