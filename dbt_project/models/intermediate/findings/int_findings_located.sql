with

unioned as (
    select * from {{ ref('int_findings_identified') }}
    union all
    select * from {{ ref('int_explanations_flagged') }}
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

sheets as (
    select * from {{ ref('stg_submissions__sheets') }}
),

-- a finding on several fields has them in one text, with a blank between
of_fields as (
    select
        unioned.finding_id,
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
    group by unioned.finding_id
)

select
    unioned.*,
    of_fields.header,
    case when unioned.row_number is not null or unioned.sheet_code = '00_BIA' then of_fields.cell end as cell,
    of_fields.type,
    of_fields.code_list
from unioned
left join of_fields on unioned.finding_id = of_fields.finding_id
