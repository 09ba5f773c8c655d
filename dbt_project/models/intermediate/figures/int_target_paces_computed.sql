with

totals as (
    select * from {{ ref('int_indicator_values_computed') }}
    where measure_code = 'value' and breakdown = 'total' and unit_uid = 'province' and basis = 'as_reported'
),

indicators as (
    select * from {{ ref('indicators') }}
    where indicator_kind = 'target'
),

figures as (
    select
        indicators.indicator_code,
        totals.report_year,
        indicators.baseline,
        -- what is done in each period, each year or once has no pace
        split_part(indicators.semantics, ' ', 1) in ('cumulative', 'stock', 'coverage') as is_paced,
        case when indicators.unit = 'percent' then 100 * totals.numerator / nullif(totals.denominator, 0) else totals.numerator end
            as value
    from indicators
    inner join totals on indicators.indicator_code = totals.indicator_code
),

-- from the baseline where there is one, else from the first figure
started as (
    select
        figures.*,
        case
            when baseline is not null then extract(year from {{ plan_start() }})::integer - 1
            else min(report_year) filter (where value is not null) over (partition by indicator_code)
        end as started_in,
        coalesce(
            baseline,
            first_value(value) over (partition by indicator_code order by (value is null)::integer, report_year)
        ) as started_at
    from figures
)

select
    indicator_code,
    report_year,
    is_paced,
    case when is_paced then (value - started_at) / nullif(greatest(report_year - started_in, 0), 0) end as pace_so_far
from started
