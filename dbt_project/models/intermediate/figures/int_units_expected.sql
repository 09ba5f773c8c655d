with

measures as (
    select
        measures.*,
        indicators.missing_units_matter
    from {{ ref('measures') }} as measures
    inner join {{ ref('indicators') }} as indicators on measures.indicator_code = indicators.indicator_code
    where measures.source = 'submission'
),

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

maps as (
    select * from {{ ref('maps') }}
)

select
    measures.indicator_code,
    measures.measure_code,
    measures.ceiling as ceiling_kind,
    unit_years.report_year,
    unit_years.unit_uid,
    unit_years.is_mandatory and not unit_years.has_report as is_missing,
    -- the map to which the unit itself belongs
    coalesce(maps.basis, 'as_reported') as own_basis,
    (select max(earlier.report_year) from unit_years as earlier where earlier.report_year < unit_years.report_year)
        as last_report_year
from measures
inner join unit_years
    on
        measures.missing_units_matter = 'any'
        or (measures.missing_units_matter = 'territorial' and unit_years.is_territorial)
left join maps on unit_years.unit_kind = maps.unit_level
