with

reporting_status as (
    select
        *,
        {{ year_end('report_year') }} as year_end_on
    from {{ ref('rpt_reporting_status') }}
)

{{ contracted('reporting_status') }}
