with

measured as (
    select * from {{ ref('fct_baseline_measures') }}
)

select
    indicator_code::text as indicator_code,
    measure_code::text as measure_code,
    measured_on::date as measured_on,
    plan_value::numeric as plan_value,
    registry_value::numeric as registry_value,
    (plan_value = registry_value)::boolean as is_equal
from measured
