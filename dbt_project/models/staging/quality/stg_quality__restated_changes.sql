select
    indicator_code,
    measure_code,
    report_year,
    value_before,
    change
from {{ source('quality', 'restated_changes') }}
