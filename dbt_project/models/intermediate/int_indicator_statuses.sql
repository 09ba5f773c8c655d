with

indicators as (
    select * from {{ ref('indicators') }}
    where main_sheet is not null
),

unit_years as (
    select * from {{ ref('int_unit_years') }}
),

form_sheets as (
    select * from {{ ref('form_sheets') }}
),

filled_sheets as (
    select distinct
        submissions.report_year,
        submissions.unit_uid,
        sheet_rows.sheet_code
    from {{ ref('stg_submissions__sheet_rows') }} as sheet_rows
    inner join {{ ref('int_submissions_ordered') }} as submissions
        on sheet_rows.submission_id = submissions.submission_id
    where submissions.is_in_force
),

judged as (
    select
        indicators.indicator_code,
        unit_years.report_year,
        unit_years.unit_uid,
        case
            when
                not {{ holds('form_sheets.applies_to', 'unit_years.unit_kind') }}
                and not {{ holds('form_sheets.applies_to', 'unit_years.reporting_unit_code') }}
                then 'not_applicable'
            when not unit_years.has_report then 'not_reported'
            when not unit_years.is_programme_ground then 'not_applicable'
            when filled_sheets.sheet_code is null and not indicators.main_sheet = any(unit_years.nil_sheet_codes)
                then 'not_reported'
            when filled_sheets.sheet_code is null then 'nil'
            when unit_years.value_kind = 'estimate' then 'estimated'
            else 'reported'
        end as sheet_status
    from indicators
    cross join unit_years
    inner join form_sheets
        on
            unit_years.form_version = form_sheets.form_version
            and indicators.main_sheet = form_sheets.sheet_code
    left join filled_sheets
        on
            unit_years.report_year = filled_sheets.report_year
            and unit_years.unit_uid = filled_sheets.unit_uid
            and indicators.main_sheet = filled_sheets.sheet_code
)

select * from judged
