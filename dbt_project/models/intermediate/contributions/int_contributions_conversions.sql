with

converted as (
    select * from {{ ref('int_groups_converted') }}
),

still_reported as (
    select * from {{ ref('int_groups_still_reported') }}
),

report_years as (
    select * from {{ ref('int_report_years') }}
),

counted as (
    select
        converted.*,
        still_reported.report_year,
        still_reported.unit_uid as counted_for
    from converted
    inner join still_reported
        on
            converted.group_code = still_reported.group_code
            and converted.converted_year <= still_reported.report_year

    union all

    select
        converted.*,
        report_years.report_year,
        'province' as counted_for
    from converted
    inner join report_years on converted.converted_year <= report_years.report_year
)

select
    'C25' as indicator_code,
    'groups' as measure_code,
    report_year,
    counted_for,
    'numerator' as part,
    submission_id,
    sheet_code,
    row_number,
    field_code,
    1::numeric as contribution,
    group_code as organisation_id,
    commune_uid
from counted
