with

groups as (
    select * from {{ ref('int_groups_reported') }}
),

renamed as (
    select
        *,
        reported_group_code is null as is_code_issued
    from groups
)

{{ contracted('renamed') }}
