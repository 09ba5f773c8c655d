with

indicator_values as (
    select * from {{ ref('int_indicator_values_computed') }}
    where basis = 'as_reported' and breakdown = 'total'
),

ceilings as (
    select * from {{ ref('int_missing_unit_ceilings_estimated') }}
),

-- what is missing for the province, and the most that a missing unit can have itself
still_to_come as (
    select
        indicator_code,
        measure_code,
        report_year,
        'province' as unit_uid,
        sum(numerator_most) as numerator_most,
        sum(denominator_most) as denominator_most,
        case when bool_or(bound_kind = 'open') then 'open' when bool_or(bound_kind = 'assumed') then 'assumed' else 'certain' end
            as bound_kind
    from ceilings
    group by indicator_code, measure_code, report_year

    union all

    select * from ceilings
),

-- a mean or a loss can go anywhere, and so can the percentage of one unit
joined as (
    select
        indicator_values.*,
        coalesce(indicator_values.numerator, 0) as known_numerator,
        coalesce(indicator_values.denominator, 0) + coalesce(still_to_come.denominator_most, 0) as largest_denominator,
        still_to_come.numerator_most,
        case
            when indicator_values.value_status = 'not_applicable' then null
            when
                still_to_come.unit_uid is null
                and (indicator_values.unit_uid = 'province' or indicator_values.value_status <> 'not_reported')
                then 'exact'
            when indicator_values.aggregation = 'mean' or indicator_values.measure_code in ('profit', 'gain') then 'open'
            when indicator_values.aggregation = 'percent' and indicator_values.unit_uid <> 'province' then 'open'
            else coalesce(still_to_come.bound_kind, 'open')
        end as bound_kind
    from indicator_values
    left join still_to_come using (indicator_code, measure_code, report_year, unit_uid)
)

-- a count can only rise with a missing report; over and under the line of a percentage it is the same people
select
    indicator_code,
    measure_code,
    report_year,
    unit_uid,
    trim_scale(case
        when bound_kind = 'exact' then value
        when aggregation = 'sum' and measure_code not in ('profit', 'gain') and bound_kind is not null then known_numerator
        when bound_kind <> 'open' then 100 * known_numerator / nullif(largest_denominator, 0)
    end) as value_low,
    trim_scale(case
        when bound_kind = 'exact' then value
        when bound_kind = 'open' then null
        when aggregation = 'sum' then known_numerator + numerator_most
        else 100 * (known_numerator + numerator_most) / nullif(largest_denominator, 0)
    end) as value_high,
    bound_kind
from joined
