with

rules as (
    select * from {{ ref('phase_totals') }}
),

phases as (
    select * from {{ ref('dim_phases') }}
),

figures as (
    select * from {{ ref('fct_indicator_values') }}
    where unit_uid = 'province' and basis = 'as_reported'
),

-- the total under whose coverage a part stands
placed as (
    select
        phases.phase,
        rules.topic,
        rules.position,
        rules.total_is,
        figures.*,
        totals.units_expected as expected,
        totals.units_reported as reported,
        max(figures.report_year) over (partition by phases.phase) as last_year
    from rules
    inner join figures using (indicator_code, measure_code, breakdown)
    inner join phases on figures.report_year between phases.first_report_year and phases.last_report_year
    inner join figures as totals
        on
            figures.indicator_code = totals.indicator_code
            and figures.measure_code = totals.measure_code
            and figures.report_year = totals.report_year
            and totals.breakdown = 'total'
),

added as (
    select
        phase,
        topic,
        position,
        indicator_code,
        measure_code,
        breakdown,
        breakdown_code,
        total_is,
        last_year as report_year,
        case total_is when 'sum' then sum(value) else sum(value) filter (where report_year = last_year) end as value,
        string_agg(report_year || ': ' || reported || '/' || expected, '; ' order by report_year)
            filter (where reported < expected) as incomplete_years
    from placed
    group by phase, topic, position, indicator_code, measure_code, breakdown, breakdown_code, total_is, last_year
)

{{ contracted('added') }}
