with

maps as (
    select * from {{ ref('maps') }}
),

renamed as (
    select
        basis,
        unit_level,
        valid_on,
        name_vi as map_name_vi,
        -- counts of persons in priority groups stay where they were reported
        array(
            select distinct measures.indicator_code
            from {{ ref('measures') }} as measures
            where measures.exists_for = 'units'
            order by measures.indicator_code
        ) as absent_indicator_codes
    from maps
)

{{ contracted('renamed') }}
