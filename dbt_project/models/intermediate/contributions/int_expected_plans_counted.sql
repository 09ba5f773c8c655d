with

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
    where is_territorial
),

counted as (
    {{ for_unit_and_province('unit_years') }}
)

select
    'C26' as indicator_code,
    'units' as measure_code,
    report_year,
    counted_for,
    'denominator' as part,
    1::numeric as contribution,
    unit_uid as reporting_unit_uid
from counted
