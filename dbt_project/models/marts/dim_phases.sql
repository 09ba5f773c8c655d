with

phases as (
    select * from {{ ref('phases') }}
),

renamed as (
    select
        *,
        name_vi as phase_name_vi,
        extract(year from begins_on) as first_report_year,
        extract(year from ends_on) as last_report_year
    from phases
)

{{ contracted('renamed') }}
