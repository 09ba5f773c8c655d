with

groups as (
    select * from {{ ref('int_groups_current') }}
    where is_programme_ground
),

cooperatives as (
    select * from {{ ref('int_cooperatives_current') }}
    where is_programme_ground
),

evidence as (
    select
        group_code,
        report_year
    from groups
    where has_become_cooperative

    union all

    select
        predecessor_group_code as group_code,
        report_year
    from cooperatives
    where predecessor_group_code is not null
),

converted as (
    select
        group_code,
        min(report_year) as converted_year
    from evidence
    group by group_code
)

select * from converted
