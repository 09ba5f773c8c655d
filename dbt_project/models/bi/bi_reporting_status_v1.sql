with

reporting_status as (
    select
        *,
        {{ year_end('report_year') }} as year_end_on,
        {{ is_latest_year('statuses.report_year') }} as is_latest_year
    from {{ ref('rpt_reporting_status') }} as statuses
)

{{ contracted('reporting_status') }}
