with

indicator_values as (
    select * from {{ ref('int_indicator_values') }}
),

bounds as (
    select * from {{ ref('int_indicator_bounds') }}
),

years_with_missing_units as (
    select distinct
        indicator_code,
        measure_code,
        report_year
    from {{ ref('int_missing_unit_ceilings') }}
    where is_missing
),

bounded as (
    select
        indicator_values.*,
        case
            when indicator_values.basis = 'as_reported' and indicator_values.breakdown = 'total' then bounds.value_low
            when missing.indicator_code is null then indicator_values.value
        end as value_low,
        case
            when indicator_values.basis = 'as_reported' and indicator_values.breakdown = 'total' then bounds.value_high
            when missing.indicator_code is null then indicator_values.value
        end as value_high
    from indicator_values
    left join bounds
        on
            indicator_values.indicator_code = bounds.indicator_code
            and indicator_values.measure_code = bounds.measure_code
            and indicator_values.report_year = bounds.report_year
            and indicator_values.unit_uid = bounds.unit_uid
    left join years_with_missing_units as missing
        on
            indicator_values.indicator_code = missing.indicator_code
            and indicator_values.measure_code = missing.measure_code
            and indicator_values.report_year = missing.report_year
),

-- the province is the same on every map
unioned as (
    select
        bounded.*,
        bounded.basis as shown_on
    from bounded

    union all

    select
        bounded.*,
        maps.basis as shown_on
    from bounded
    cross join {{ ref('dim_maps') }} as maps
    where bounded.unit_uid = 'province' and bounded.indicator_code <> all (maps.absent_indicator_codes)
)

select
    indicator_code::text as indicator_code,
    measure_code::text as measure_code,
    breakdown::text as breakdown,
    breakdown_code::text as breakdown_code,
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    shown_on::text as basis,
    numerator::numeric as numerator,
    denominator::numeric as denominator,
    value::numeric as value,
    value_low::numeric as value_low,
    value_high::numeric as value_high,
    value_status::text as value_status
from unioned
