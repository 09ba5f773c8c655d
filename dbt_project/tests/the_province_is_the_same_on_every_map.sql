-- After a reform of the map: on every map, the units, the agencies and what cannot be placed add up to the province, and
-- the province is the one that was reported.
{%- set key = 'indicator_code, measure_code, breakdown, breakdown_code, report_year' %}
with

figures as (
    select shown.*
    from {{ ref('fct_indicator_values') }} as shown
    inner join {{ ref('measures') }} as measures
        on shown.indicator_code = measures.indicator_code and shown.measure_code = measures.measure_code
    where measures.exists_for = 'units_and_maps'
),

province as (
    select
        {{ key }},
        numerator,
        denominator
    from figures
    where unit_uid = 'province' and basis = 'as_reported' and value_status in ('reported', 'estimated', 'nil')
),

on_maps as (
    select
        {{ key }},
        maps.basis,
        sum(figures.numerator) filter (where figures.unit_uid = 'province') as province_numerator,
        sum(figures.numerator) filter (where figures.unit_uid <> 'province') as numerator,
        coalesce(sum(figures.denominator) filter (where figures.unit_uid <> 'province'), 0) as denominator
    from {{ ref('maps') }} as maps
    cross join province
    left join figures using ({{ key }})
    where figures.basis = maps.basis
    group by {{ key }}, maps.basis
)

select
    {{ key }},
    on_maps.basis,
    province.numerator,
    on_maps.province_numerator,
    on_maps.numerator as places_numerator,
    province.denominator,
    on_maps.denominator as places_denominator
from province
left join on_maps using ({{ key }})
where
    province.numerator is distinct from on_maps.province_numerator
    -- where nothing lies anywhere, as when all that was reported is nil, the sum of nothing is 0
    or province.numerator is distinct from coalesce(on_maps.numerator, 0)
    or coalesce(province.denominator, 0) <> on_maps.denominator
