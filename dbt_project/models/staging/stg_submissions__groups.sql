with

sheet_rows as (
    select * from {{ source('raw', 'sheet_02_tht') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'group_code' as group_code,
        read ->> 'group_name' as group_name,
        read ->> 'commune_code' as commune_code,
        read ->> 'commune_name' as commune_name,
        (read ->> 'founded_on')::date as founded_on,
        read ->> 'sector' as sector,
        read ->> 'status' as status,
        (read ->> 'union_supported_founding') = 'C' as union_supported_founding,
        (read ->> 'woman_leads') = 'C' as woman_leads,
        (read ->> 'members')::integer as members,
        (read ->> 'women_members')::integer as women_members,
        (read ->> 'workers')::integer as workers,
        (read ->> 'women_workers')::integer as women_workers,
        (read ->> 'women_stable_jobs')::integer as women_stable_jobs,
        read ->> 'became_cooperative' as became_cooperative,
        read ->> 'note' as note
    from sheet_rows
)

select * from typed
