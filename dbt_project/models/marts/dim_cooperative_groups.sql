with

groups as (
    select * from {{ ref('int_groups_current') }}
    where counts_for_province
),

report_years as (
    select * from {{ ref('report_cycles') }}
),

-- a group is known as its yearly reports describe it
versions as (
    select
        groups.group_code,
        groups.group_name,
        groups.commune_uid,
        groups.latest_commune_uid,
        groups.sector,
        groups.status,
        groups.founded_on,
        groups.union_supported_founding,
        groups.became_cooperative,
        report_years.data_window_to as described_on
    from groups
    inner join report_years on groups.report_year = report_years.report_year
)

select
    group_code::text as group_code,
    group_name::text as group_name,
    commune_uid::text as commune_uid,
    latest_commune_uid::text as latest_commune_uid,
    sector::text as sector,
    status::text as status,
    founded_on::date as founded_on,
    union_supported_founding::boolean as union_supported_founding,
    became_cooperative::text as became_cooperative,
    described_on::date as valid_from,
    (lead(described_on) over (partition by group_code order by described_on) - 1)::date as valid_to
from versions
