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
        header_vi
    from {{ ref('form_fields') }}
    order by sheet_code, field_code, form_version desc
),

sheets as (
    select * from {{ ref('stg_submissions__sheets') }}
),

located as (
    select
        unioned.*,
        rules.severity,
        rules.message_vi,
        rules.message_en,
        form_fields.header_vi as header,
        sheets.column_letters ->> unioned.field_code || coalesce(unioned.row_number::text, '') as cell
    from unioned
    inner join rules on unioned.rule_code = rules.rule_code
    left join form_fields
        on unioned.sheet_code = form_fields.sheet_code and unioned.field_code = form_fields.field_code
    left join sheets on unioned.submission_id = sheets.submission_id and unioned.sheet_code = sheets.sheet_code
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
