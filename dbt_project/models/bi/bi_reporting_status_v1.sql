with

statuses as (
    select * from {{ ref('rpt_reporting_status') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    reporting_unit_code::text as reporting_unit_code,
    unit_name_vi::text as unit_name_vi,
    unit_kind::text as unit_kind,
    expected::boolean as expected,
    due_at::timestamptz as due_at,
    received_at::timestamptz as received_at,
    on_time::boolean as on_time,
    on_due_day::boolean as on_due_day,
    status::text as status,
    errors::integer as errors,
    open_queries::integer as open_queries
from statuses
