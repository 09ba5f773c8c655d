with

changes as (
    select * from {{ ref('fct_indicator_changes') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

-- of priority groups, part of the units could be read off
shown as (
    select changes.*
    from changes
    inner join measures using (indicator_code, measure_code)
    where changes.is_whole or not measures.counts_priority_groups
)

{{ contracted('shown') }}
