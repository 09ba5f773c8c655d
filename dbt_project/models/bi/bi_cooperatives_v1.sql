with

cooperatives as (
    select
        *,
        {{ year_end('report_year') }} as year_end_on
    from {{ ref('rpt_cooperatives') }}
)

{{ contracted('cooperatives') }}
