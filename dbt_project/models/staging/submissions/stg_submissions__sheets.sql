select
    submission_id,
    sheet_code,
    sheet_name,
    header_row,
    columns as column_letters
from {{ source('submissions', 'sheets') }}
