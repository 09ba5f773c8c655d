with

groups as (
    select * from {{ ref('int_priority_counts_judged') }}
),

hidden as (
    select
        indicator_code,
        measure_code,
        report_year,
        bool_and(is_complete) as is_complete,
        bool_or(is_restated) as is_restated,
        count(*) filter (where not is_total_shown) as hidden_groups,
        coalesce(sum(units) filter (where not is_total_shown), 0) as cells,
        max(units) filter (where not is_total_shown) as most_units,
        coalesce(sum(persons) filter (where not is_total_shown), 0) as persons,
        -- of a hidden group with more than two units, and of one with one, a reader who knows the rule can infer
        -- that they are fewer than this
        coalesce(sum(threshold * units - 1) filter (where not is_total_shown), 0) as most_persons
    from groups
    group by indicator_code, measure_code, report_year
)

-- the total reveals the sum of the hidden groups: that must leave each of them room, below and above, and be of
-- three units at least, each of which knows its own
select
    indicator_code,
    measure_code,
    report_year,
    hidden_groups = 0
    or (
        is_complete
        and not is_restated
        and hidden_groups >= 2
        and most_units >= 3
        and persons between 2 * cells and most_persons - cells
    ) as is_total_shown
from hidden
