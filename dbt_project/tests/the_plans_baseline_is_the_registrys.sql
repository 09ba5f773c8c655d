-- All targets are measured from the baseline (plan II.2, note 1). Checked only if a snapshot describes that day: a
-- warehouse that began later cannot reproduce it.
select
    measures.indicator_code,
    measures.measure_code,
    measures.plan_value,
    measures.registry_value
from {{ ref('fct_baseline_measures') }} as measures
inner join {{ ref('stg_registry__snapshots') }} as snapshots on measures.measured_on = snapshots.speaks_of
where measures.registry_value is distinct from measures.plan_value
