with

groups as (
    select * from {{ ref('int_groups_reported') }}
    where counts_for_province
),

report_years as (
    select * from {{ ref('report_cycles') }}
),

-- the attributes of a group are those of its yearly reports
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
),

renamed as (
    select
        *,
        described_on as valid_from,
        (lead(described_on) over (partition by group_code order by described_on) - 1) as valid_to
    from versions
)

{{ contracted('renamed') }}
