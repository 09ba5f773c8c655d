select
    publication_id,
    indicator_code,
    measure_code,
    report_year,
    breakdown_code,
    value,
    value_status,
    is_earlier
from {{ source('publications', 'publication_priority_counts') }}
