with

renamed as (
    select
        *,
        name_vi as phase_name_vi
    from {{ ref('int_phases_dated') }}
)

{{ contracted('renamed') }}
