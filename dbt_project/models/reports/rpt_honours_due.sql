with

honours as (
    select * from {{ ref('fct_honours_due') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
)

select
    honours.duty_code::text as duty_code,
    honours.reporting_unit_code::text as reporting_unit_code,
    agencies.label_vi::text as unit_name_vi,
    codes.label_vi::text as duty_name_vi,
    honours.first_year::integer as first_year,
    honours.last_year::integer as last_year,
    honours.due_at::timestamptz as due_at,
    honours.is_done::boolean as is_done,
    honours.done_in_year::integer as done_in_year,
    honours.evidence_document::text as evidence_document
from honours
left join codes on codes.code_list = 'duties' and honours.duty_code = codes.code
left join codes as agencies on agencies.code_list = 'agencies' and honours.reporting_unit_code = agencies.code
