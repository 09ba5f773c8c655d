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
        when not unit_years.has_report
            then case when measures.duty_code is null or applicable.is_owed then 'not_reported' else 'not_applicable' end
        when not unit_years.is_programme_ground then case when applicable.is_owed then 'not_reported' else 'not_applicable' end
        -- what a unit calls nil, or leaves out, says nothing about a duty that it does not have
        when measures.duty_code is not null and not applicable.is_owed and not coalesce(answers.is_answered, false)
            then 'not_assigned'
        when answers.sheet_is_filled is null and not measures.main_sheet = any(unit_years.nil_sheet_codes)
            then 'not_reported'
        when answers.sheet_is_filled is null then 'nil'
        when not answers.is_answered then 'unanswered'
        when unit_years.value_kind = 'estimate' then 'estimated'
        else 'reported'
    end as sheet_status
from applicable
inner join measures using (indicator_code, measure_code)
inner join unit_years using (report_year, unit_uid)
left join answers using (report_year, unit_uid, indicator_code, measure_code)
