with

maps as (
    select * from {{ ref('maps') }}
)

select
    basis::text as basis,
    unit_level::text as unit_level,
    valid_on::date as valid_on,
    name_vi::text as map_name_vi,
    -- counts of persons in priority groups stay where they were reported
    array(
        select distinct measures.indicator_code
        from {{ ref('measures') }} as measures
        where measures.exists_for = 'units'
        order by measures.indicator_code
    )::text[] as absent_indicator_codes
from maps
