with

verdicts as (
    select * from {{ ref('fct_indicator_verdicts') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

outlook as (
    select * from {{ ref('fct_phase_outlook') }}
),

contributions as (
    select * from {{ ref('fct_unit_participation') }}
),

-- a phase is judged by its last year that has reports
joined as (
    select
        outlook.phase,
        verdicts.*,
        indicators.indicator_name_vi,
        indicators.indicator_name_en,
        indicators.unit,
        indicators.baseline,
        indicators.decision_codes,
        contributions.contributing_units,
        contributions.missing_units,
        outlook.outlook_vi as outlook
    from outlook
    inner join verdicts on outlook.indicator_code = verdicts.indicator_code and outlook.report_year = verdicts.report_year
    inner join indicators on outlook.indicator_code = indicators.indicator_code
    left join contributions
        on outlook.indicator_code = contributions.indicator_code and outlook.report_year = contributions.report_year
)

{{ contracted('joined') }}
