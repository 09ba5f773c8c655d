with

converted as (
    select * from {{ ref('int_groups_converted') }}
),

still_reported as (
    select * from {{ ref('int_converted_groups_placed') }}
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

last_placed as (
    select * from {{ ref('int_organisations_last_placed') }}
),

counted as (
    select
        converted.*,
        still_reported.report_year,
        still_reported.unit_uid as counted_for
    from converted
    inner join still_reported
        on converted.group_code = still_reported.group_code and converted.converted_year <= still_reported.report_year

    union all

    select
        converted.*,
        report_years.report_year,
        'province' as counted_for
    from converted
    inner join report_years on converted.converted_year <= report_years.report_year
)

-- the last known place of the group; one that only a cooperative names lies where that cooperative lies
select
    'C25' as indicator_code,
    'groups' as measure_code,
    counted.report_year,
    counted.counted_for,
    'numerator' as part,
    counted.submission_id,
    counted.sheet_code,
    counted.row_number,
    counted.field_code,
    1::numeric as contribution,
    counted.group_code as organisation_id,
    coalesce(last_placed.commune_uid, counted.commune_uid) as commune_uid
from counted
left join last_placed on counted.report_year = last_placed.report_year and counted.group_code = last_placed.organisation_id
