with

outlook as (
    select * from {{ ref('fct_phase_outlook') }}
),

phases as (
    select * from {{ ref('dim_phases') }}
),

figures as (
    select * from {{ ref('fct_indicator_values') }}
    where measure_code = 'value' and breakdown = 'total'
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

places as (
    select * from {{ ref('dim_codes') }}
    where code_list = 'places'
),

-- a unit that a target is no matter of has no row; what the province alone has (T15 to T18) has none at all
joined as (
    select
        outlook.phase,
        figures.*,
        indicators.indicator_name_vi,
        indicators.unit,
        coalesce(units.unit_name_vi, places.label_vi) as unit_name_vi,
        coalesce(units.unit_kind, figures.unit_uid) as unit_kind,
        100 * figures.numerator / nullif(province.numerator, 0) as share_pct
    from outlook
    inner join phases on outlook.phase = phases.phase
    inner join figures
        on
            outlook.indicator_code = figures.indicator_code
            and outlook.report_year = figures.report_year
            and phases.contributions_basis = figures.basis
            and figures.unit_uid <> 'province'
            and figures.value_status <> 'not_applicable'
    left join figures as province
        on
            outlook.indicator_code = province.indicator_code
            and outlook.report_year = province.report_year
            and phases.contributions_basis = province.basis
            and province.unit_uid = 'province'
    inner join indicators on outlook.indicator_code = indicators.indicator_code
    left join units on figures.unit_uid = units.unit_uid
    left join places on figures.unit_uid = places.code
)

{{ contracted('joined') }}
