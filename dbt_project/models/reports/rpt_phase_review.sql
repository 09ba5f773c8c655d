{{ config(meta={'slice': 'phase'}) }}

with

verdicts as (
    select * from {{ ref('fct_indicator_verdicts') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
),

phases as (
    select * from {{ ref('dim_phases') }}
),

contributions as (
    select * from {{ ref('fct_unit_participation') }}
),

-- a phase is judged by its last year that has reports
last_years as (
    select
        phases.phase,
        phases.last_report_year,
        max(verdicts.report_year) as report_year
    from phases
    inner join verdicts on verdicts.report_year between phases.first_report_year and phases.last_report_year
    group by phases.phase, phases.last_report_year
),

-- where the pace so far would lead by the next target, for counts from their baseline
judged as (
    select
        last_years.phase,
        verdicts.*,
        next_targets.target as next_target,
        next_targets.target_year as next_target_year
    from last_years
    inner join verdicts on last_years.report_year = verdicts.report_year
    left join lateral (
        select
            targets.target,
            targets.target_year
        from {{ ref('dim_targets') }} as targets
        where
            targets.indicator_code = verdicts.indicator_code
            and targets.target_year > last_years.last_report_year
        order by targets.target_year
        limit 1
    ) as next_targets on true
)

select
    judged.phase::integer as phase,
    judged.indicator_code::text as indicator_code,
    indicators.indicator_name_vi::text as indicator_name_vi,
    indicators.indicator_name_en::text as indicator_name_en,
    indicators.unit::text as unit,
    judged.report_year::integer as report_year,
    indicators.baseline::numeric as baseline,
    judged.value::numeric as value,
    judged.value_low::numeric as value_low,
    judged.value_high::numeric as value_high,
    judged.comparator::text as comparator,
    judged.target::numeric as target,
    judged.target_year::integer as target_year,
    judged.achieved_pct::numeric as achieved_pct,
    judged.verdict::text as verdict,
    indicators.decision_codes::text as decision_codes,
    contributions.contributing_units::text as contributing_units,
    contributions.missing_units::text as missing_units,
    case
        when judged.next_target is null then 'no_later_target'
        when case when judged.comparator = '>' then judged.value > judged.next_target else judged.value >= judged.next_target end
            then 'already_reached'
        when judged.value is null then 'unknown'
        else 'remaining ' || trim_scale(round(judged.next_target - judged.value, 1)) || ' by ' || judged.next_target_year
    end::text as outlook
from judged
inner join indicators on judged.indicator_code = indicators.indicator_code
left join contributions
    on
        judged.indicator_code = contributions.indicator_code
        and judged.report_year = contributions.report_year
