with

obligations as (
    select * from {{ ref('fct_unit_obligations') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

duties as (
    select * from {{ ref('dim_codes') }}
    where code_list = 'duties'
)

select
    obligations.report_year::integer as report_year,
    obligations.unit_uid::text as unit_uid,
    obligations.reporting_unit_code::text as reporting_unit_code,
    units.unit_name_vi::text as unit_name_vi,
    obligations.unit_kind::text as unit_kind,
    obligations.is_mandatory::boolean as is_mandatory,
    obligations.obligation::text as obligation,
    obligations.item::text as item,
    obligations.what_vi::text as what_vi,
    obligations.finding_id::text as finding_id,
    obligations.rule_code::text as rule_code,
    obligations.duty_code::text as duty_code,
    obligations.sheet_code::text as sheet_code,
    obligations.cell::text as cell,
    coalesce(obligations.message_vi, duties.label_vi)::text as message_vi,
    obligations.due_at::timestamptz as due_at
from obligations
inner join units on obligations.unit_uid = units.unit_uid
left join duties on obligations.duty_code = duties.code
