with

compared as (
    select * from {{ ref('int_phase_targets_compared') }}
),

limits as (
    select * from {{ ref('target_limits') }}
),

measures as (
    select * from {{ ref('measures') }}
),

targets as (
    select * from {{ ref('targets') }}
),

figures as (
    select * from {{ ref('int_indicator_values_computed') }}
    where unit_uid = 'province' and basis = 'as_reported' and breakdown = 'total'
),

-- what there was at the start and what the plan adds; or, of a sum over organisations, what each has now in as many as their
-- own target
found as (
    select
        compared.phase,
        compared.indicator_code,
        limits.limit_vi,
        limits.is_most = 'yes' as limit_is_most,
        measures.baseline as limit_baseline,
        added.target as limit_added,
        figures.value as limit_actual,
        counted.target as limit_per_target,
        compared.value / nullif(organisations.value, 0) as limit_each
    from compared
    inner join limits on compared.indicator_code = limits.indicator_code
    left join measures
        on limits.baseline_indicator_code = measures.indicator_code and limits.baseline_measure_code = measures.measure_code
    left join figures
        on
            limits.baseline_indicator_code = figures.indicator_code
            and limits.baseline_measure_code = figures.measure_code
            and compared.report_year = figures.report_year
    left join targets as added on limits.added_indicator_code = added.indicator_code and compared.horizon = added.target_year
    left join targets as counted
        on limits.per_indicator_code = counted.indicator_code and compared.horizon = counted.target_year
    left join compared as organisations
        on limits.per_indicator_code = organisations.indicator_code and compared.phase = organisations.phase
    where compared.next_target is not null or limits.per_indicator_code is not null
)

select
    *,
    coalesce(limit_baseline + coalesce(limit_added, 0), limit_each * limit_per_target) as limit_value
from found
