with

changes as (
    select * from {{ ref('fct_indicator_changes') }}
),

measures as (
    select * from {{ ref('dim_measures') }}
),

-- counts of priority groups are given by edition alone
shown as (
    select changes.*
    from changes
    inner join measures using (indicator_code, measure_code)
    where measures.shown_in <> 'priority_groups'
)

{{ contracted('shown') }}
