with

areas as (
    select * from {{ ref('int_areas_compared') }}
),

statuses as (
    select * from {{ ref('int_indicator_statuses_settled') }}
),

measures as (
    select * from {{ ref('measures') }}
    where source = 'submission'
),

judged as (
    select
        *,
        placed_by = 'reporting_unit' and (aggregation = 'percent' or unit in ('0/1', 'reporting unit')) as is_of_units
    from measures
),

given as (
    select
        judged.indicator_code,
        judged.measure_code,
        judged.is_of_units,
        areas.report_year,
        areas.area_uid,
        areas.has_changed,
        bool_or(statuses.units_expected = 1) as is_expected,
        -- all who owe it gave it, in both years
        bool_and(statuses.units_expected = statuses.units_reported)
        and bool_or(statuses.report_year = areas.report_year and statuses.value_status in ('reported', 'estimated', 'nil'))
        and bool_or(statuses.report_year < areas.report_year and statuses.value_status in ('reported', 'estimated', 'nil'))
            as is_given
    from areas
    inner join statuses
        on areas.unit_uid = statuses.unit_uid and statuses.report_year between areas.report_year - 1 and areas.report_year
    inner join judged using (indicator_code, measure_code)
    where statuses.value_status <> 'not_applicable' or statuses.units_expected = 1
    group by
        judged.indicator_code, judged.measure_code, judged.is_of_units, areas.report_year, areas.area_uid, areas.has_changed
)

-- a percentage of what units themselves have or do, and a count of units, is no other unit's once those that owe it have
-- changed
select
    indicator_code,
    measure_code,
    report_year,
    area_uid,
    is_expected,
    is_given
    and not (
        is_of_units
        and (has_changed or bool_or(is_expected and has_changed) over (partition by indicator_code, measure_code, report_year))
    ) as is_compared
from given
