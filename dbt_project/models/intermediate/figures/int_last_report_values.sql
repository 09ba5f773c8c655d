{%- set columns = 'indicator_code, measure_code, report_year, unit_uid, basis, numerator, denominator, value_status' -%}
-- the years that this build does not make anew stand as they were published
select {{ columns }}
from {{ ref('int_indicator_values') }}
where breakdown = 'total'

union all

select {{ columns }}
from {{ ref('stg_published__indicator_totals') }}
where not {{ is_affected('report_year') }}
