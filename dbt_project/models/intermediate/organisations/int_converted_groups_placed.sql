with

groups as (
    select * from {{ ref('int_groups_reported') }}
    where is_programme_ground
),

cooperatives as (
    select * from {{ ref('int_cooperatives_reported') }}
    where is_programme_ground
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

-- the last row of each group, up to each year
last_known as (
    select distinct on (report_years.report_year, groups.group_code)
        report_years.report_year as evaluated_year,
        groups.group_code,
        groups.unit_uid,
        groups.commune_uid,
        groups.became_cooperative
    from report_years
    inner join groups on groups.report_year <= report_years.report_year
    where groups.counts_for_province
    order by report_years.report_year, groups.group_code, groups.report_year desc
),

as_cooperatives as (
    select
        report_year,
        unit_uid,
        predecessor_group_code as group_code,
        registration_number,
        commune_uid,
        counts_for_province
    from cooperatives
    where predecessor_group_code is not null

    union

    select
        last_known.evaluated_year as report_year,
        cooperatives.unit_uid,
        last_known.group_code,
        cooperatives.registration_number,
        cooperatives.commune_uid,
        cooperatives.counts_for_province
    from last_known
    inner join cooperatives
        on
            last_known.became_cooperative = cooperatives.registration_number
            and last_known.evaluated_year = cooperatives.report_year
    -- most became none: with this condition the planner does not pair all groups with all cooperatives of a year
    where last_known.became_cooperative is not null
),

-- a group that became a cooperative counts where that cooperative is reported, else where the group was last known
placed as (
    select * from as_cooperatives

    union all

    select
        last_known.evaluated_year as report_year,
        last_known.unit_uid,
        last_known.group_code,
        null as registration_number,
        last_known.commune_uid,
        true as counts_for_province
    from last_known
    where not exists (
        select 1 from as_cooperatives
        where
            as_cooperatives.report_year = last_known.evaluated_year
            and as_cooperatives.group_code = last_known.group_code
    )
)

select distinct on (report_year, unit_uid, group_code) * from placed
order by report_year, unit_uid, group_code, counts_for_province desc, registration_number
