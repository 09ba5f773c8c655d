with

statuses as (
    select * from {{ ref('int_indicator_statuses_settled') }}
),

measures as (
    select * from {{ ref('measures') }}
    where exists_for = 'units_and_maps'
),

sums as (
    select * from {{ ref('int_indicator_sums') }}
    where basis <> 'as_reported' and breakdown = 'total'
),

unit_years as (
    select * from {{ ref('int_unit_years') }}
),

map_units as (
    select * from {{ ref('int_map_units') }}
),

placed as (
    select * from {{ ref('int_communes_placed') }}
),

-- the units of a map, with the reporting units of the year that lie on their ground; agencies stay what they are
on_ground as (
    select distinct
        map_units.basis,
        map_units.unit_uid as place_uid,
        unit_years.report_year,
        unit_years.unit_uid
    from map_units
    inner join placed on map_units.unit_uid = placed.unit_uid
    inner join placed as also_placed on placed.commune_uid = also_placed.commune_uid
    inner join unit_years on also_placed.unit_uid = unit_years.unit_uid

    union all

    select
        maps.basis,
        unit_years.unit_uid as place_uid,
        unit_years.report_year,
        unit_years.unit_uid
    from unit_years
    cross join {{ ref('maps') }} as maps
    where not unit_years.is_territorial
),

grounded as (
    select
        on_ground.basis,
        on_ground.place_uid,
        statuses.indicator_code,
        statuses.measure_code,
        statuses.report_year,
        case
            when bool_or(statuses.value_status = 'estimated') then 'estimated'
            when bool_or(statuses.value_status = 'reported') then 'reported'
            when bool_or(statuses.value_status = 'nil') then 'nil'
            when bool_and(statuses.value_status = 'not_applicable') then 'not_applicable'
            else 'not_reported'
        end as ground_status,
        bool_or(on_ground.place_uid = statuses.unit_uid) as is_a_reporting_unit
    from on_ground
    inner join statuses
        on on_ground.report_year = statuses.report_year and on_ground.unit_uid = statuses.unit_uid
    group by
        on_ground.basis, on_ground.place_uid, statuses.indicator_code, statuses.measure_code, statuses.report_year
)

select
    coalesce(grounded.indicator_code, sums.indicator_code) as indicator_code,
    coalesce(grounded.measure_code, sums.measure_code) as measure_code,
    coalesce(grounded.report_year, sums.report_year) as report_year,
    coalesce(grounded.place_uid, sums.unit_uid) as unit_uid,
    coalesce(grounded.basis, sums.basis) as basis,
    case
        when grounded.is_a_reporting_unit and grounded.ground_status in ('reported', 'estimated')
            then grounded.ground_status
        -- what counts on this ground counts, whoever reported it
        when sums.numerator <> 0 or sums.denominator <> 0
            then case when sums.is_estimated then 'estimated' else 'reported' end
        when grounded.ground_status = 'estimated' then 'reported'
        else grounded.ground_status
    end as value_status
from grounded
full join sums
    on
        grounded.indicator_code = sums.indicator_code
        and grounded.measure_code = sums.measure_code
        and grounded.report_year = sums.report_year
        and grounded.place_uid = sums.unit_uid
        and grounded.basis = sums.basis
inner join measures
    on
        coalesce(grounded.indicator_code, sums.indicator_code) = measures.indicator_code
        and coalesce(grounded.measure_code, sums.measure_code) = measures.measure_code
