with

statuses as (
    select * from {{ ref('rpt_reporting_status') }}
)

{{ contracted('statuses') }}
