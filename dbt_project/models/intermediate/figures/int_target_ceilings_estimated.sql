with

reach as (
    select * from {{ ref('int_registry_totals_summed') }}
),

targets as (
    select * from {{ ref('targets') }}
),

new_cooperatives as (
    select
        phase,
        target
    from targets
    where indicator_code = 'T07'
),

-- each target by the last registry up to its year
judged as (
    select distinct on (targets.indicator_code, targets.target_year)
        targets.*,
        reach.women_managed,
        reach.union_founded_groups,
        reach.new_women_managed,
        targets.target_year > reach.report_year as is_to_come,
        new_cooperatives.target as new_cooperatives
    from targets
    inner join reach on targets.target_year >= reach.report_year
    left join new_cooperatives on targets.phase = new_cooperatives.phase
    order by targets.indicator_code, targets.target_year, reach.report_year desc
)

-- new groups and cooperatives may still be founded; women-managed cooperatives, only as many as the plan requires
select
    judged.*,
    case
        when indicator_code = 'T01'
            then women_managed + case when is_to_come then greatest(new_cooperatives - new_women_managed, 0) else 0 end
        when is_to_come then null
        when indicator_code = 'T02' then union_founded_groups
        when indicator_code = 'T07' then new_women_managed
    end as most
from judged
