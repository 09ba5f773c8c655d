with

measures as (
    select * from {{ ref('measures') }}
    where source <> 'calendar'
),

unit_years as (
    select * from {{ ref('int_unit_years') }}
),

form_sheets as (
    select * from {{ ref('form_sheets') }}
),

reporters as (
    select * from {{ ref('measure_reporters') }}
),

answers as (
    select * from {{ ref('int_answers_given') }}
),

assigned as (
    select * from {{ ref('int_duties_assigned') }}
),

judged as (
    select
        measures.indicator_code,
        measures.measure_code,
        unit_years.report_year,
        unit_years.unit_uid,
        case
            when measures.source = 'registry' then case when unit_years.is_territorial then 'reported' else 'not_applicable' end
            when
                not {{ holds('form_sheets.applies_to', 'unit_years.unit_kind') }}
                and not {{ holds('form_sheets.applies_to', 'unit_years.reporting_unit_code') }}
                then 'not_applicable'
            when reporters.has_reporters and not reporters.is_reporter then 'not_applicable'
            when measures.needs_year_before = 'yes' and not years_before.is_reported then 'not_applicable'
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
    from measures
    cross join unit_years
    left join form_sheets
        on unit_years.form_version = form_sheets.form_version and measures.main_sheet = form_sheets.sheet_code
    left join answers
        on
            unit_years.report_year = answers.report_year
            and unit_years.unit_uid = answers.unit_uid
            and measures.indicator_code = answers.indicator_code
            and measures.measure_code = answers.measure_code
    left join assigned
        on unit_years.unit_uid = assigned.unit_uid and measures.duty_code = assigned.duty_code
    cross join lateral (
        select
            count(*) > 0 as has_reporters,
            coalesce(
                bool_or(reporters.reporter in (unit_years.reporting_unit_code, unit_years.unit_kind)), false
            ) as is_reporter
        from reporters
        where
            reporters.indicator_code = measures.indicator_code and reporters.measure_code = measures.measure_code
    ) as reporters
    cross join lateral (
        select count(*) > 0 as is_reported from unit_years as earlier
        where earlier.report_year + 1 = unit_years.report_year
    ) as years_before
    where {{ is_affected('unit_years.report_year') }}
)

select * from judged
