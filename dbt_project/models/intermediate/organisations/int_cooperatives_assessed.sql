with

cooperatives as (
    select * from {{ ref('int_cooperatives_reported') }}
),

registry_facts as (
    select * from {{ ref('int_registry_organisations_deduplicated') }}
),

assessed as (
    select
        cooperatives.*,
        {{ holds(decision('operating_means', 'cooperatives.report_year'), 'cooperatives.status') }} as is_operating,
        cooperatives.status = 'dissolved' as is_dissolved,
        -- more than half of the workers: 50 % is not enough (plan II.2.a)
        cooperatives.workers > 0 and cooperatives.women_workers * 2 > cooperatives.workers as is_majority_female,
        case {{ decision('women_managed_means', 'cooperatives.report_year') }}
            when 'leads' then cooperatives.woman_leads
            else cooperatives.women_managers >= 1
        end as is_women_managed,
        registry_facts.registered_on as registry_registered_on,
        registry_facts.snapshot_id as registry_snapshot_id,
        coalesce(registry_facts.registered_on >= {{ plan_start() }}, false) as is_founded_under_plan
    from cooperatives
    left join registry_facts on cooperatives.registration_number = registry_facts.registration_number
)

select
    assessed.*,
    -- the scope of the form itself, whichever option of decision A2 is in force
    women_managers >= 1 or is_majority_female as is_in_scope
from assessed
