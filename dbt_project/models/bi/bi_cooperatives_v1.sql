with

cooperatives as (
    select * from {{ ref('rpt_cooperatives') }}
)

{{ contracted('cooperatives') }}
