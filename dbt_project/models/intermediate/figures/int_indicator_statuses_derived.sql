with

applicable as (
    select * from {{ ref('int_measures_assigned') }}
),

measures as (
    select * from {{ ref('measures') }}
),

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

answers as (
    select * from {{ ref('int_answers_given') }}
),

assigned as (
    select * from {{ ref('int_duties_assigned') }}
)

select
    applicable.indicator_code,
    applicable.measure_code,
    applicable.report_year,
    applicable.unit_uid,
    applicable.is_owed,
    case
        when not applicable.is_applicable then 'not_applicable'
        when measures.source = 'registry' then 'reported'
        when not unit_years.has_report then 'not_reported'
        when not unit_years.is_programme_ground then 'not_applicable'
        when answers.sheet_is_filled is null and not measures.main_sheet = any(unit_years.nil_sheet_codes)
            then 'not_reported'
        when answers.sheet_is_filled is null then 'nil'
        when not answers.is_answered and measures.duty_code is not null and assigned.duty_code is null
            then 'not_assigned'
        when not answers.is_answered then 'unanswered'
        when unit_years.value_kind = 'estimate' then 'estimated'
        else 'reported'
    end as sheet_status
from applicable
inner join measures using (indicator_code, measure_code)
inner join unit_years using (report_year, unit_uid)
left join answers using (report_year, unit_uid, indicator_code, measure_code)
left join assigned on unit_years.unit_uid = assigned.unit_uid and measures.duty_code = assigned.duty_code
