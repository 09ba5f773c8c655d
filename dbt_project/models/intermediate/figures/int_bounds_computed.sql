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
        case when count(*) = count(ceiling) then sum(ceiling) end as ceiling
    from ceilings
    where is_missing
    group by indicator_code, measure_code, report_year

    union all

    select
        indicator_code,
        measure_code,
        report_year,
        unit_uid,
        ceiling
    from ceilings
),

joined as (
    select
        indicator_values.*,
        coalesce(indicator_values.numerator, 0) as known_numerator,
        coalesce(indicator_values.denominator, 0) as known_denominator,
        still_to_come.ceiling,
        indicator_values.value_status = 'not_applicable'
        or (
            still_to_come.unit_uid is null
            and (indicator_values.unit_uid = 'province' or indicator_values.value_status <> 'not_reported')
        ) as is_settled
    from indicator_values
    left join still_to_come using (indicator_code, measure_code, report_year, unit_uid)
)

-- a count can only rise with a missing report; a percentage can go either way, a mean or a loss anywhere
select
    indicator_code,
    measure_code,
    report_year,
    unit_uid,
    trim_scale(case
        when is_settled then value
        when aggregation = 'sum' and not (indicator_code = 'C11' and measure_code = 'profit') then known_numerator
        when aggregation = 'percent' and (ceiling is null or unit_uid <> 'province') then 0
        when aggregation = 'percent' then 100 * known_numerator / nullif(known_denominator + ceiling, 0)
    end) as value_low,
    trim_scale(case
        when is_settled then value
        when aggregation = 'sum' then known_numerator + ceiling
        when aggregation = 'percent' and (ceiling is null or unit_uid <> 'province') then 100
        when aggregation = 'percent' then 100 * (known_numerator + ceiling) / nullif(known_denominator + ceiling, 0)
    end) as value_high
from joined
