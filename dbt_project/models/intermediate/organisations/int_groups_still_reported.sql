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

-- what each group had become, by its last row
became_cooperatives as (
    select distinct on (report_years.report_year, groups.group_code)
        report_years.report_year as evaluated_year,
        groups.group_code,
        groups.became_cooperative
    from report_years
    inner join groups on groups.report_year <= report_years.report_year
    where groups.counts_for_province
    order by report_years.report_year, groups.group_code, groups.report_year desc
),

-- a unit counts a group that became a cooperative when it still reports the group or that cooperative
still_reported as (
    select
        report_year,
        unit_uid,
        group_code
    from groups

    union

    select
        report_year,
        unit_uid,
        predecessor_group_code as group_code
    from cooperatives
    where predecessor_group_code is not null

    union

    select
        became_cooperatives.evaluated_year as report_year,
        cooperatives.unit_uid,
        became_cooperatives.group_code
    from became_cooperatives
    inner join cooperatives
        on
            became_cooperatives.became_cooperative = cooperatives.registration_number
            and became_cooperatives.evaluated_year = cooperatives.report_year
    -- most became none: with this condition the planner does not pair all groups with all cooperatives of a year
    where became_cooperatives.became_cooperative is not null
)

select * from still_reported
