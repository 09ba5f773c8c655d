with

indicator_values as (
    select * from {{ ref('int_indicator_values') }}
    where breakdown = 'total'
),

published_totals as (
    select * from {{ ref('stg_published__indicator_totals') }}
)

-- the years that this build does not make anew stand as they were published
select
    indicator_code,
    measure_code,
    report_year,
    unit_uid,
    basis,
    numerator,
    denominator,
    value_status
from indicator_values

union all

select
    indicator_code,
    measure_code,
    report_year,
    unit_uid,
    basis,
    numerator,
    denominator,
    value_status
from published_totals
where not {{ is_affected('report_year') }}
