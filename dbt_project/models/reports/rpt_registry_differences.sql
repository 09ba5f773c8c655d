with

differences as (
    select * from {{ ref('fct_registry_differences') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
    where code_list = 'registry_differences'
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

submissions as (
    select * from {{ ref('fct_submissions') }}
)

select
    differences.report_year::integer as report_year,
    differences.unit_uid::text as unit_uid,
    units.unit_name_vi::text as unit_name_vi,
    differences.registration_number::text as registration_number,
    differences.cooperative_name::text as cooperative_name,
    differences.difference::text as difference,
    codes.label_vi::text as difference_name_vi,
    codes.label_en::text as difference_name_en,
    differences.reported_value::text as reported_value,
    differences.registry_value::text as registry_value,
    differences.rule_code::text as rule_code,
    submissions.receipt_number::text as receipt_number,
    differences.cell::text as cell
from differences
left join codes on differences.difference = codes.code
left join units on differences.unit_uid = units.unit_uid
left join submissions on differences.submission_id = submissions.submission_id
