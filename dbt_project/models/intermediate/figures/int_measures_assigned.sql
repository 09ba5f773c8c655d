with

measures as (
    select * from {{ ref('measures') }}
    where source <> 'calendar'
),

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

form_sheets as (
    select * from {{ ref('form_sheets') }}
),

reporters as (
    select
        indicator_code,
        measure_code,
        array_agg(reporter) as reporters
    from {{ ref('measure_reporters') }}
    group by indicator_code, measure_code
)

select
    measures.indicator_code,
    measures.measure_code,
    unit_years.report_year,
    unit_years.unit_uid,
    case
        when measures.source = 'registry' then unit_years.is_territorial
        else
            (
                {{ holds('form_sheets.applies_to', 'unit_years.unit_kind') }}
                or {{ holds('form_sheets.applies_to', 'unit_years.reporting_unit_code') }}
            )
            and (
                reporters.reporters is null
                or array[unit_years.reporting_unit_code, unit_years.unit_kind] && reporters.reporters
            )
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
