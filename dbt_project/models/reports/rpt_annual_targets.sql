with

verdicts as (
    select * from {{ ref('fct_indicator_verdicts') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

joined as (
    select
        verdicts.*,
        indicators.indicator_name_vi,
        indicators.indicator_name_en,
        indicators.unit,
        indicators.reported_as,
        indicators.baseline
    from verdicts
    inner join indicators on verdicts.indicator_code = indicators.indicator_code
)

{{ contracted('joined') }}
