with

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
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
        sum(open_queries) filter (where is_in_force) as open_queries,
        max(data_to) filter (where is_in_force) as data_to
    from submissions
    group by report_year, unit_uid
),

joined as (
    select
        unit_years.*,
        case when unit_years.has_report then unit_years.is_on_time end as on_time,
        -- where the day itself does not count, what was received on it is shown apart (decision A15)
        case
            when unit_years.has_report
                then
                    cycles.deadline_is_inclusive <> 'yes'
                    and unit_years.first_received_at >= unit_years.due_at
                    and unit_years.first_received_at < unit_years.due_at + interval '1 day'
        end as on_due_day,
        case
            when unit_years.has_report and coalesce(summed.open_queries, 0) > 0 then 'accepted_with_queries'
            when unit_years.has_report then 'accepted'
            when summed.has_rejected then 'rejected'
            else 'missing'
        end as status,
        case when unit_years.has_report then 0 else coalesce(summed.errors, 0) end as errors,
        coalesce(summed.open_queries, 0) as open_queries,
        summed.data_to
    from unit_years
    inner join cycles on unit_years.report_year = cycles.report_year
    left join summed on unit_years.report_year = summed.report_year and unit_years.unit_uid = summed.unit_uid
)

{{ contracted('joined') }}
