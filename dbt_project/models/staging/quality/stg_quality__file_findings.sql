select
    finding_id,
    submission_id,
    rule_code,
    severity,
    sheet_code,
    row_number,
    field_code,
    cell,
    value,
    message_vi,
    message_en
from {{ source('quality', 'file_findings') }}
