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
),

joined as (
    select
        obligations.report_year,
        obligations.unit_uid,
        obligations.reporting_unit_code,
        obligations.unit_kind,
        obligations.is_mandatory,
        obligations.obligation,
        obligations.item,
        obligations.what_vi,
        obligations.finding_id,
        obligations.rule_code,
        obligations.duty_code,
        obligations.sheet_code,
        obligations.cell,
        obligations.due_at,
        units.unit_name_vi,
        coalesce(obligations.message_vi, duties.label_vi) as message_vi
    from obligations
    inner join units on obligations.unit_uid = units.unit_uid
    left join duties on obligations.duty_code = duties.code
)

{{ contracted('joined') }}
