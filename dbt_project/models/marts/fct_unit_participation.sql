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

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
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
        matters.indicator_code,
        unit_years.report_year,
        string_agg(units.unit_name_vi, '; ' order by unit_years.unit_uid) as missing_units
    from unit_years
    cross join {{ ref('indicators') }} as matters
    inner join units on unit_years.unit_uid = units.unit_uid
    where
        unit_years.is_mandatory and not unit_years.has_report
        and (matters.missing_units_matter = 'any' or (matters.missing_units_matter = 'territorial' and unit_years.is_territorial))
    group by matters.indicator_code, unit_years.report_year
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
