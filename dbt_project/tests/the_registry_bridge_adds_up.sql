-- rpt_registry_bridge: for the province and every unit, last year's cooperatives plus the terms are exactly this year's;
-- this year's are the figure C01; what one unit loses by a cooperative's move, another gains.
with

bridge as (
    select * from {{ ref('rpt_registry_bridge') }}
),

figures as (
    select
        report_year,
        unit_uid,
        numerator
    from {{ ref('fct_indicator_values') }}
    where
        indicator_code = 'C01' and measure_code = 'cooperatives'
        and breakdown = 'total' and basis = 'as_reported' and numerator is not null
),

summed as (
    select
        report_year,
        unit_uid,
        sum(effect) as made,
        sum(cooperatives) filter (where term = 'this_year') as this_year,
        max(last_counted_on) as last_counted_on,
        count(*) filter (where cooperatives <> cardinality(registration_numbers)) as miscounted
    from bridge
    group by report_year, unit_uid
),

over_units as (
    select
        report_year,
        sum(effect) filter (where term in ('moved_away', 'moved_in') and unit_uid <> 'province') as moved,
        sum(effect) filter (where term = 'unexplained_found' and unit_uid <> 'province') as found_by_units,
        sum(effect) filter (where term = 'unexplained_found' and unit_uid = 'province') as found,
        sum(cooperatives) filter (where term = 'this_year' and unit_uid <> 'province') as this_year_of_units,
        sum(cooperatives) filter (where term = 'this_year' and unit_uid = 'province') as this_year,
        sum(cooperatives) filter (where term = 'last_year' and unit_uid = 'province') as last_year,
        sum(cooperatives) filter (where term = 'last_year' and unit_uid <> 'province') as last_year_of_units
    from bridge
    group by report_year
),

in_order as (
    select
        over_units.*,
        lag(this_year) over (order by report_year) as this_year_a_year_ago
    from over_units
)

select
    'it does not add up' as what,
    summed.report_year,
    summed.unit_uid,
    summed.made,
    summed.this_year,
    figures.numerator
from summed
left join figures on summed.report_year = figures.report_year and summed.unit_uid = figures.unit_uid
where
    summed.miscounted > 0
    or (summed.last_counted_on is not null and summed.made is distinct from summed.this_year)
    or (summed.unit_uid <> 'unplaced' and summed.this_year is distinct from figures.numerator)

union all

select
    'the units are not the province' as what,
    report_year,
    'province' as unit_uid,
    this_year_of_units,
    this_year,
    moved
from in_order
where
    moved <> 0
    or found_by_units <> found
    or this_year_of_units <> this_year
    or last_year_of_units <> last_year
    or last_year <> this_year_a_year_ago
