with

decisions as (
    select * from {{ ref('decisions') }}
),

renamed as (
    select
        *,
        value as parameter_value,
        options as parameter_options
    from decisions
)

{{ contracted('renamed') }}
