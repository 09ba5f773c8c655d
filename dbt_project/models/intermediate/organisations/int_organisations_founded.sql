with

cycles as (
    select * from {{ ref('report_cycles') }}
),

cooperatives as (
    select * from {{ ref('int_cooperatives_assessed') }}
    where counts_for_province
),

groups as (
    select * from {{ ref('int_groups_reported') }}
    where counts_for_province
),

-- windows follow each other, from one cut-off to the next; the first begins with the plan
windows as (
    select
        report_year,
        coalesce(lag(registry_cut_off) over (order by report_year), {{ plan_start() }} - 1) as founded_after,
        registry_cut_off as founded_by
    from cycles
),

founded as (
    select
        'cooperative' as organisation_kind,
        report_year,
        unit_uid,
        registration_number as organisation_id,
        registered_on as founded_on
    from cooperatives

    union all

    select
        'group' as organisation_kind,
        report_year,
        unit_uid,
        group_code as organisation_id,
        founded_on
    from groups
)

select founded.*
from founded
inner join windows on founded.report_year = windows.report_year
where founded.founded_on > windows.founded_after and founded.founded_on <= windows.founded_by
