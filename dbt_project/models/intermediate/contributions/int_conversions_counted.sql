with

converted as (
    select * from {{ ref('int_groups_converted') }}
),

placed as (
    select * from {{ ref('int_converted_groups_placed') }}
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

-- the place of what counts for the province
places as (
    select distinct on (report_year, group_code) * from placed
    where counts_for_province
    order by report_year, group_code, registration_number
),

counted as (
    select
        converted.*,
        placed.report_year,
        placed.unit_uid as counted_for
    from converted
    inner join placed
        on converted.group_code = placed.group_code and converted.converted_year <= placed.report_year

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
    counted.report_year,
    counted.counted_for,
    'numerator' as part,
    counted.submission_id,
    counted.sheet_code,
    counted.row_number,
    counted.field_code,
    1::numeric as contribution,
    counted.group_code as organisation_id,
    -- a group that only a cooperative of another year names lies where that one lay
    coalesce(places.commune_uid, counted.commune_uid) as commune_uid
from counted
left join places on counted.report_year = places.report_year and counted.group_code = places.group_code
