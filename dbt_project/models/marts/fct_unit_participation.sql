with

unit_values as (
    select * from {{ ref('fct_indicator_values') }}
    where
        unit_uid <> 'province'
        and basis = 'as_reported'
        and breakdown = 'total'
        and measure_code = 'value'
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

indicators as (
    select * from {{ ref('dim_indicators') }}
    where indicator_kind = 'target'
),

contributing as (
    select
        unit_values.indicator_code,
        unit_values.report_year,
        string_agg(units.unit_name_vi, '; ' order by unit_values.numerator desc, unit_values.unit_uid) as contributing_units
    from unit_values
    inner join units on unit_values.unit_uid = units.unit_uid
    where unit_values.numerator > 0
    group by unit_values.indicator_code, unit_values.report_year
),

missing as (
    select
        units_missing.indicator_code,
        units_missing.report_year,
        string_agg(units.unit_name_vi, '; ' order by units_missing.unit_uid) as missing_units
    from {{ ref('int_missing_units_listed') }} as units_missing
    inner join units on units_missing.unit_uid = units.unit_uid
    where units_missing.measure_code = 'value'
    group by units_missing.indicator_code, units_missing.report_year
),

joined as (
    select
        indicators.*,
        years.report_year,
        contributing.contributing_units,
        missing.missing_units
    from indicators
    cross join {{ ref('int_years_reported') }} as years
    left join contributing
        on indicators.indicator_code = contributing.indicator_code and years.report_year = contributing.report_year
    left join missing
        on indicators.indicator_code = missing.indicator_code and years.report_year = missing.report_year
)

{{ contracted('joined') }}
