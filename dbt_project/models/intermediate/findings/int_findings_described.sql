with

unioned as (
    select * from {{ ref('int_findings_identified') }}
    union all
    select * from {{ ref('int_explanations_flagged') }}
),

rules as (
    select * from {{ ref('rules') }}
),

form_fields as (
    select distinct on (sheet_code, field_code)
        sheet_code,
        field_code,
        header_vi,
        type,
        code_list
    from {{ ref('form_fields') }}
    order by sheet_code, field_code, form_version desc
),

code_lists as (
    select * from {{ ref('code_lists') }}
),

sheets as (
    select * from {{ ref('stg_submissions__sheets') }}
),

-- a finding on several fields has them in one text, with a blank between
of_fields as (
    select
        unioned.finding_id,
        unioned.submission_id,
        string_agg(form_fields.header_vi, '», «' order by fields.place) as header,
        string_agg(
            (sheets.column_letters ->> fields.field_code) || coalesce(unioned.row_number::text, ''),
            ', ' order by fields.place
        ) as cell,
        min(form_fields.type) as type,
        min(form_fields.code_list) as code_list
    from unioned
    cross join string_to_table(unioned.field_code, ' ') with ordinality as fields (field_code, place)
    left join form_fields
        on unioned.sheet_code = form_fields.sheet_code and fields.field_code = form_fields.field_code
    left join sheets on unioned.submission_id = sheets.submission_id and unioned.sheet_code = sheets.sheet_code
    group by unioned.finding_id, unioned.submission_id
),

located as (
    select
        unioned.finding_id,
        unioned.submission_id,
        unioned.rule_code,
        unioned.sheet_code,
        unioned.row_number,
        split_part(unioned.field_code, ' ', 1) as field_code,
        unioned.other_unit,
        unioned.report_year,
        rules.severity,
        rules.message_vi,
        rules.message_en,
        of_fields.header,
        of_fields.cell,
        {{ as_written('unioned.value', 'of_fields.type', 'value_labels.label_vi') }} as value,
        {{ as_written('unioned.expected', 'of_fields.type', 'expected_labels.label_vi') }} as expected
    from unioned
    inner join rules on unioned.rule_code = rules.rule_code
    left join of_fields
        on unioned.finding_id = of_fields.finding_id and unioned.submission_id = of_fields.submission_id
    left join code_lists as value_labels
        on of_fields.code_list = value_labels.code_list and unioned.value = value_labels.code
    left join code_lists as expected_labels
        on of_fields.code_list = expected_labels.code_list and unioned.expected = expected_labels.code
)

select
    finding_id,
    submission_id,
    rule_code,
    severity,
    sheet_code,
    row_number,
    field_code,
    case when row_number is not null or sheet_code = '00_BIA' then cell end as cell,
    value,
    {{ rendered('message_vi') }} as message_vi,
    {{ rendered('message_en') }} as message_en
from located
