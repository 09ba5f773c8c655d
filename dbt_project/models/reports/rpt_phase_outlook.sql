with

outlook as (
    select * from {{ ref('fct_phase_outlook') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

joined as (
    select
        outlook.*,
        indicators.indicator_name_vi,
        indicators.unit
    from outlook
    inner join indicators on outlook.indicator_code = indicators.indicator_code
)

{{ contracted('joined') }}
