with

groups as (
    select * from {{ ref('int_groups_current') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    group_code::text as group_code,
    group_name::text as group_name,
    (reported_group_code is null)::boolean as is_code_issued,
    commune_uid::text as commune_uid,
    latest_commune_uid::text as latest_commune_uid,
    founded_on::date as founded_on,
    sector::text as sector,
    status::text as status,
    union_supported_founding::boolean as union_supported_founding,
    woman_leads::boolean as woman_leads,
    members::integer as members,
    women_members::integer as women_members,
    workers::integer as workers,
    women_workers::integer as women_workers,
    women_stable_jobs::integer as women_stable_jobs,
    became_cooperative::text as became_cooperative,
    is_operating::boolean as is_operating,
    is_programme_ground::boolean as is_programme_ground,
    counts_for_province::boolean as counts_for_province,
    submission_id::text as submission_id,
    row_number::integer as row_number
from groups
