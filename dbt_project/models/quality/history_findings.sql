with

history_findings as (
    select * from {{ ref('int_history_findings') }}
)

select
    finding_id::text as finding_id,
    submission_id::text as submission_id,
    rule_code::text as rule_code,
    severity::text as severity,
    sheet_code::text as sheet_code,
    row_number::integer as row_number,
    field_code::text as field_code,
    cell::text as cell,
    value::text as value,
    message_vi::text as message_vi,
    message_en::text as message_en
from history_findings
