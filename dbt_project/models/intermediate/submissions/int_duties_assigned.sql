with

assignments as (
    select * from {{ ref('duty_assignments') }}
),

duties as (
    select
        code as duty_code,
        {{ holds('flags', "'cooperatives'") }} as is_of_cooperatives
    from {{ ref('code_lists') }}
    where code_list = 'duties'
),

roster_units as (
    select * from {{ ref('int_units_rostered') }}
),

-- where there is a cooperative that women help to manage, by the registry or by the unit itself
with_cooperatives as (
    select
        report_year,
        unit_uid
    from {{ ref('int_registry_organisations_assessed') }}
    where is_women_managed

    union

    select
        report_year,
        unit_uid
    from {{ ref('int_cooperatives_reported') }}
)

-- the plan gives the duties of a level to its People's Committees; a duty on cooperatives is none where there are none
select
    roster_units.report_year,
    roster_units.unit_uid,
    assignments.duty_code,
    assignments.frequency
from roster_units
inner join assignments
    on
        assignments.body = case roster_units.unit_kind
            when 'district' then 'PC-D'
            when 'commune' then 'PC-C'
            else roster_units.reporting_unit_code
        end
left join duties on assignments.duty_code = duties.duty_code
left join with_cooperatives
    on roster_units.report_year = with_cooperatives.report_year and roster_units.unit_uid = with_cooperatives.unit_uid
where with_cooperatives.unit_uid is not null or not roster_units.is_territorial or duties.is_of_cooperatives is not true
