with

of_province as (
    select * from {{ ref('rpt_figures') }}
    where basis = 'as_reported' and breakdown <> 'total' and unit_uid = 'province'
),

published as (
    {{ figures_published('of_province') }}
),

renamed as (
    select
        *,
        breakdown_code_name_vi as breakdown_code_vi
    from published
)

{{ contracted('renamed') }}
