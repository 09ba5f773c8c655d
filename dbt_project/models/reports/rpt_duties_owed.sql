with

owed as (
    select * from {{ ref('fct_duties_owed') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

codes as (
    select * from {{ ref('dim_codes') }}
)

select
    owed.report_year::integer as report_year,
    owed.unit_uid::text as unit_uid,
    owed.reporting_unit_code::text as reporting_unit_code,
    units.unit_name_vi::text as unit_name_vi,
    owed.unit_kind::text as unit_kind,
    owed.is_mandatory::boolean as is_mandatory,
    owed.duty_code::text as duty_code,
    codes.label_vi::text as duty_name_vi,
    owed.frequency::text as frequency,
    owed.frequency_vi::text as frequency_vi,
    owed.has_report::boolean as has_report,
    owed.first_year::integer as first_year,
    owed.last_reported_year::integer as last_reported_year,
    owed.due_at::timestamptz as due_at
from owed
inner join units on owed.unit_uid = units.unit_uid
left join codes on codes.code_list = 'duties' and owed.duty_code = codes.code
