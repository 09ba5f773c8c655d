with

indicator_values as (
    select * from {{ ref('int_indicator_values_computed') }}
),

bounds as (
    select * from {{ ref('int_bounds_computed') }}
),

years_with_missing_units as (
    select distinct
        indicator_code,
        measure_code,
        report_year
    from {{ ref('int_missing_units_listed') }}
)

select
    indicator_values.*,
    case
        when indicator_values.basis = 'as_reported' and indicator_values.breakdown = 'total' then bounds.value_low
        when missing.indicator_code is null then indicator_values.value
    end as value_low,
    case
        when indicator_values.basis = 'as_reported' and indicator_values.breakdown = 'total' then bounds.value_high
        when missing.indicator_code is null then indicator_values.value
    end as value_high,
    case
        when indicator_values.basis = 'as_reported' and indicator_values.breakdown = 'total' then bounds.bound_kind
        when indicator_values.value_status = 'not_applicable' then null
        when missing.indicator_code is null then 'exact'
        else 'open'
    end as bound_kind
from indicator_values
left join bounds using (indicator_code, measure_code, report_year, unit_uid)
left join years_with_missing_units as missing using (indicator_code, measure_code, report_year)
