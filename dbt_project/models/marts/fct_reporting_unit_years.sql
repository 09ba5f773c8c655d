with

unit_years as (
    select * from {{ ref('int_unit_years') }}
),

cycles as (
    select * from {{ ref('report_cycles') }}
),

submissions as (
    select * from {{ ref('fct_submissions') }}
),

summed as (
    select
        report_year,
        unit_uid,
        bool_or(status = 'rejected') as has_rejected,
        sum(errors) filter (where status = 'rejected') as errors,
        sum(open_queries) filter (where is_in_force) as open_queries
    from submissions
    group by report_year, unit_uid
)

select
    unit_years.report_year::integer as report_year,
    unit_years.unit_uid::text as unit_uid,
    unit_years.reporting_unit_code::text as reporting_unit_code,
    unit_years.unit_kind::text as unit_kind,
    unit_years.is_mandatory::boolean as is_mandatory,
    unit_years.due_at::timestamptz as due_at,
    unit_years.first_received_at::timestamptz as first_received_at,
    case when unit_years.has_report then unit_years.is_on_time end::boolean as on_time,
    -- where the day itself does not count, what was received on it is shown apart (decision A15)
    case
        when unit_years.has_report
            then
                cycles.deadline_is_inclusive <> 'yes'
                and unit_years.first_received_at >= unit_years.due_at
                and unit_years.first_received_at < unit_years.due_at + interval '1 day'
    end::boolean as on_due_day,
    case
        when unit_years.has_report and coalesce(summed.open_queries, 0) > 0 then 'accepted_with_queries'
        when unit_years.has_report then 'accepted'
        when summed.has_rejected then 'rejected'
        else 'missing'
    end::text as status,
    case when unit_years.has_report then 0 else coalesce(summed.errors, 0) end::integer as errors,
    coalesce(summed.open_queries, 0)::integer as open_queries
from unit_years
inner join cycles on unit_years.report_year = cycles.report_year
left join summed
    on unit_years.report_year = summed.report_year and unit_years.unit_uid = summed.unit_uid
