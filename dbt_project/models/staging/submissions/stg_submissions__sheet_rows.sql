select
    submission_id,
    sheet_code,
    row_number,
    row_key,
    read as read_values
from {{ source('submissions', 'sheet_rows') }}
