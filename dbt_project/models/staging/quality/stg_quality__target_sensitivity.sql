select
    decision_code,
    option,
    is_current,
    is_computable,
    indicator_code,
    report_year,
    value,
    value_low,
    value_high,
    verdict
from {{ source('quality', 'target_sensitivity') }}
