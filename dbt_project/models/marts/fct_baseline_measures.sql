with

measures as (
    select * from {{ ref('measures') }}
    where baseline is not null
),

baselines as (
    select * from {{ ref('baselines') }}
),

registered as (
    select registry.*
    from {{ ref('stg_registry__cooperatives') }} as registry
    inner join baselines on registry.speaks_of = baselines.measured_on
),

women_managed as (
    select * from {{ ref('int_registry_women_managed') }}
),

counted as (
    select
        count(*) as all_organisations,
        count(*) filter (where organisation_kind <> 'group') as all_cooperatives,
        count(*) filter (where organisation_kind = 'group') as all_groups,
        count(*) filter (where organisation_kind = 'group' and union_founded) as union_founded_groups,
        count(women_managed.registration_number) as cooperatives,
        sum(members) filter (where women_managed.registration_number is not null) as members,
        count(women_managed.registration_number) filter (where union_founded) as union_founded
    from registered
    left join women_managed
        on
            registered.snapshot_id = women_managed.snapshot_id
            and registered.speaks_of = women_managed.in_office_on
            and registered.registration_number = women_managed.registration_number
            and registered.organisation_kind <> 'group'
),

joined as (
    select
        measures.*,
        baselines.measured_on,
        measures.baseline as plan_value,
        -- unknown without a snapshot of that day
        case when counted.all_organisations > 0 then case measures.indicator_code || '.' || measures.measure_code
            when 'C01.all_cooperatives' then counted.all_cooperatives
            when 'C01.cooperatives' then counted.cooperatives
            when 'C01.members' then counted.members
            when 'C01.union_founded' then counted.union_founded
            when 'C02.all_groups' then counted.all_groups
            when 'C02.union_founded' then counted.union_founded_groups
        end end as registry_value
    from measures
    cross join baselines
    cross join counted
)

{{ contracted('joined') }}
