with

verdicts as (
    select * from {{ ref('fct_indicator_verdicts') }}
),

phases as (
    select * from {{ ref('dim_phases') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

joined as (
    select
        verdicts.*,
        phases.phase,
        indicators.indicator_name_vi,
        indicators.unit,
        indicators.baseline,
        {{ verdict_vi('verdicts') }} as verdict_name_vi
    from verdicts
    inner join phases on verdicts.report_year between phases.first_report_year and phases.last_report_year
    inner join indicators on verdicts.indicator_code = indicators.indicator_code
)

{{ contracted('joined') }}
