with

indicator_values as (
    select * from {{ ref('int_indicator_values') }}
),

missing_units as (
    select
        report_year,
        count(*) filter (where is_mandatory and not has_report) as any_missing,
        count(*) filter (where is_mandatory and not has_report and is_territorial) as territorial_missing
    from {{ ref('int_unit_years') }}
    group by report_year
),

-- how far the province's figure could still move while reports are missing
with_missing as (
    select
        indicator_values.*,
        indicator_values.unit_uid = 'province'
        and case indicator_values.missing_units_matter
            when 'any' then missing_units.any_missing > 0
            when 'territorial' then missing_units.territorial_missing > 0
            else false
        end as could_still_change
    from indicator_values
    inner join missing_units on indicator_values.report_year = missing_units.report_year
)

select
    indicator_code::text as indicator_code,
    measure_code::text as measure_code,
    'total'::text as breakdown,
    'total'::text as breakdown_code,
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    'as_reported'::text as basis,
    numerator::numeric as numerator,
    denominator::numeric as denominator,
    value::numeric as value,
    -- a count can only rise with a missing report, a percentage can go either way
    case when not (could_still_change and is_percent) then value end::numeric as value_low,
    case when not could_still_change then value end::numeric as value_high,
    value_status::text as value_status
from with_missing
