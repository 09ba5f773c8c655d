with

totals as (
    select * from {{ ref('int_indicator_values_computed') }}
    where measure_code = 'value' and breakdown = 'total' and unit_uid = 'province' and basis = 'as_reported'
),

indicators as (
    select * from {{ ref('indicators') }}
    where indicator_kind = 'target'
),

roster_units as (
    select
        report_year,
        array_agg(unit_uid order by unit_uid) as unit_uids
    from {{ ref('int_units_rostered') }}
    where is_territorial
    group by report_year
),

figures as (
    select
        indicators.indicator_code,
        totals.report_year,
        indicators.baseline,
        -- what is done in each period, each year or once has no pace
        split_part(indicators.semantics, ' ', 1) in ('cumulative', 'stock', 'coverage') as is_paced,
        case when indicators.unit = 'percent' then 100 * totals.numerator / nullif(totals.denominator, 0) else totals.numerator end
            as value,
        case when indicators.unit = 'percent' then totals.denominator end as denominator,
        roster_units.unit_uids
    from indicators
    inner join totals on indicators.indicator_code = totals.indicator_code
    left join roster_units on totals.report_year = roster_units.report_year
)

-- from the baseline where there is one, else from the first figure of the same units
select
    figures.*,
    case
        when baseline is not null then extract(year from {{ plan_start() }})::integer - 1
        else min(report_year) filter (where value is not null) over (partition by indicator_code, unit_uids)
    end as started_in,
    coalesce(baseline, first_value(value) over of_the_same_units) as started_at,
    first_value(denominator) over of_the_same_units as started_of,
    min(report_year) filter (where value is not null) over (partition by indicator_code) as first_in,
    first_value(denominator) over of_all as first_of
from figures
window
    of_the_same_units as (partition by indicator_code, unit_uids order by (value is null)::integer, report_year),
    of_all as (partition by indicator_code order by (value is null)::integer, report_year)
