-- The contributions of all units to a phase, on the map that its review shows, are the figure of the province.
with

contributions as (
    select
        phase,
        indicator_code,
        report_year,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('rpt_phase_contributions') }}
    group by phase, indicator_code, report_year
),

province as (
    select
        outlook.phase,
        figures.*
    from {{ ref('rpt_phase_outlook') }} as outlook
    inner join {{ ref('fct_indicator_values') }} as figures
        on outlook.indicator_code = figures.indicator_code and outlook.report_year = figures.report_year
    inner join {{ ref('measures') }} as measures
        on figures.indicator_code = measures.indicator_code and figures.measure_code = measures.measure_code
    where
        figures.measure_code = 'value'
        and figures.breakdown = 'total'
        and figures.unit_uid = 'province'
        and figures.basis = 'as_reported'
        and measures.exists_for = 'units_and_maps'
)

select
    province.phase,
    province.indicator_code,
    province.numerator,
    contributions.numerator as units_numerator,
    province.denominator,
    contributions.denominator as units_denominator
from province
left join contributions
    on province.phase = contributions.phase and province.indicator_code = contributions.indicator_code
where
    coalesce(province.numerator, 0) <> coalesce(contributions.numerator, 0)
    or coalesce(province.denominator, 0) <> coalesce(contributions.denominator, 0)
