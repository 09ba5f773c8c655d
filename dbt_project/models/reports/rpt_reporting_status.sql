{{ config(meta={'slice': 'report_year'}) }}

with

unit_years as (
    select * from {{ ref('fct_reporting_unit_years') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
)

select
    unit_years.report_year::integer as report_year,
    unit_years.unit_uid::text as unit_uid,
    unit_years.reporting_unit_code::text as reporting_unit_code,
    units.unit_name_vi::text as unit_name_vi,
    unit_years.unit_kind::text as unit_kind,
    unit_years.is_mandatory::boolean as expected,
    unit_years.due_at::timestamptz as due_at,
    unit_years.first_received_at::timestamptz as received_at,
    unit_years.on_time::boolean as on_time,
    unit_years.on_due_day::boolean as on_due_day,
    unit_years.status::text as status,
    unit_years.errors::integer as errors,
    unit_years.open_queries::integer as open_queries
from unit_years
inner join units on unit_years.unit_uid = units.unit_uid
