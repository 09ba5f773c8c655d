with

-- what everybody may see is decided once, for the documents and for BI
figures as (
    select * from {{ ref('rpt_figures') }}
)

select
    indicator_code::text as indicator_code,
    indicator_name_vi::text as indicator_name_vi,
    measure_code::text as measure_code,
    measure_name_vi::text as measure_name_vi,
    unit_of_measure_vi::text as unit_of_measure_vi,
    breakdown::text as breakdown,
    breakdown_name_vi::text as breakdown_name_vi,
    breakdown_code::text as breakdown_code,
    breakdown_code_name_vi::text as breakdown_code_name_vi,
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    unit_name_vi::text as unit_name_vi,
    basis::text as basis,
    numerator::numeric as numerator,
    denominator::numeric as denominator,
    value::numeric as value,
    value_low::numeric as value_low,
    value_high::numeric as value_high,
    value_status::text as value_status
from figures
