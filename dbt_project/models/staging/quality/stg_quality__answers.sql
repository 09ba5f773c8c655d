select
    reporting_unit_code,
    report_year,
    finding_id,
    answer,
    answered_at,
    answered_by as submission_id
from {{ source('quality', 'answers') }}
