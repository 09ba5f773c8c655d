with

located as (
    select * from {{ ref('int_findings_located') }}
),

rules as (
    select * from {{ ref('rules') }}
),

code_lists as (
    select * from {{ ref('code_lists') }}
),

worded as (
    select
        located.finding_id,
        located.submission_id,
        located.rule_code,
        rules.severity,
        located.sheet_code,
        located.row_number,
        split_part(located.field_code, ' ', 1) as field_code,
        located.header,
        located.cell,
        located.other_unit,
        located.report_year,
        rules.message_vi,
        rules.message_en,
        {{ as_written('located.value', 'located.type', 'value_labels.label_vi') }} as value,
        {{ as_written('located.expected', 'located.type', 'expected_labels.label_vi') }} as expected
    from located
    inner join rules on located.rule_code = rules.rule_code
    left join code_lists as value_labels
        on located.code_list = value_labels.code_list and located.value = value_labels.code
    left join code_lists as expected_labels
        on located.code_list = expected_labels.code_list and located.expected = expected_labels.code
)

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
    {{ rendered('message_vi') }} as message_vi,
    {{ rendered('message_en') }} as message_en
from worded
