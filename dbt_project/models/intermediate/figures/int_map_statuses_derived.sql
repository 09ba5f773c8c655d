with

statuses as (
    select * from {{ ref('int_indicator_statuses_settled') }}
),

measures as (
    select * from {{ ref('measures') }}
    where exists_for = 'units_and_maps'
),

-- while no unit has reported a figure this year, what earlier years add to it is on no map either
sums as (
    select sums.*
    from {{ ref('int_contributions_summed') }} as sums
    left join statuses as of_province
        on
            sums.indicator_code = of_province.indicator_code
            and sums.measure_code = of_province.measure_code
            and sums.report_year = of_province.report_year
            and of_province.unit_uid = 'province'
    where
        sums.basis <> 'as_reported' and sums.breakdown = 'total'
        and of_province.value_status is distinct from 'not_reported'
),

ground as (
    select * from {{ ref('int_reporting_units_mapped') }}
),

grounded as (
    select
        ground.basis,
        ground.place_uid,
        measures.indicator_code,
        measures.measure_code,
        ground.report_year,
        {{ status_of_many('statuses.value_status') }} as ground_status,
        bool_or(ground.place_uid = statuses.unit_uid) as is_a_reporting_unit,
        sum(statuses.units_expected) as units_expected,
        sum(statuses.units_reported) as units_reported
    from ground
    cross join measures
    left join statuses
        on
            ground.report_year = statuses.report_year
            and ground.unit_uid = statuses.unit_uid
            and measures.indicator_code = statuses.indicator_code
            and measures.measure_code = statuses.measure_code
            -- what belongs to a reporting unit cannot be found in a part of it
            and (measures.placed_by = 'organisation' or ground.lies_within)
    group by ground.basis, ground.place_uid, measures.indicator_code, measures.measure_code, ground.report_year
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
        -- what counts in this area counts, whichever unit reported it
        when sums.indicator_code is not null
            then case when sums.is_estimated then 'estimated' else 'reported' end
        else grounded.ground_status
    end as value_status,
    coalesce(grounded.units_expected, 0)::integer as units_expected,
    coalesce(grounded.units_reported, 0)::integer as units_reported
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
