with

measured as (
    select * from {{ ref('fct_baseline_measures') }}
),

renamed as (
    select
        *,
        plan_value = registry_value as is_equal
    from measured
)

{{ contracted('renamed') }}
