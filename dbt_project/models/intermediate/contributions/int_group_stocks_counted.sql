with

groups as (
    select * from {{ ref('int_groups_reported') }}
    where is_programme_ground
),

sectors as (
    select * from {{ ref('code_lists') }}
    where code_list = 'sectors' and {{ holds('flags', "'C15'") }}
),

described as (
    select
        groups.*,
        groups.group_code as organisation_id,
        sectors.code is not null as is_living_service,
        groups.founded_on >= {{ plan_start() }} as is_founded_under_plan
    from groups
    left join sectors on groups.sector = sectors.code
),

counted as (
    {{ for_unit_and_province('described', 'counts_for_province') }}
),

{{ contributions_by_rule(
    'group_stocks', 'counted', ['submission_id', 'row_number', 'organisation_id', 'commune_uid']
) }}
