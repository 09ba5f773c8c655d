with

statuses as (
    select * from {{ ref('int_indicator_statuses_settled') }}
    where unit_uid <> 'province' and units_reported < units_expected
),

measures as (
    select * from {{ ref('measures') }}
),

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

maps as (
    select * from {{ ref('maps') }}
)

select
    statuses.indicator_code,
    statuses.measure_code,
    statuses.report_year,
    statuses.unit_uid,
    measures.ceiling as ceiling_kind,
    unit_years.unit_kind,
    -- the map to which the unit itself belongs
    coalesce(maps.basis, 'as_reported') as own_basis,
    (select max(earlier.report_year) from unit_years as earlier where earlier.report_year < statuses.report_year)
        as last_report_year
from statuses
inner join measures using (indicator_code, measure_code)
inner join unit_years using (report_year, unit_uid)
left join maps on unit_years.unit_kind = maps.unit_level
