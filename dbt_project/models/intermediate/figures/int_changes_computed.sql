with

areas_summed as (
    select * from {{ ref('int_areas_summed') }}
),

province_values as (
    select * from {{ ref('int_indicator_values_computed') }}
    where unit_uid = 'province' and basis = 'as_reported' and breakdown = 'total'
),

changed_years as (
    select distinct report_year from {{ ref('int_areas_compared') }}
    where has_changed
),

-- what no unit reports is the whole province's, but for a percentage of its units where these have changed
compared as (
    select
        this_year.indicator_code,
        this_year.measure_code,
        this_year.report_year,
        coalesce(areas_summed.areas_expected, 0)::integer as areas_expected,
        coalesce(areas_summed.areas_compared, 0)::integer as areas_compared,
        {%- for name, of_province in [('before', 'last_year'), ('now', 'this_year')] %}
        trim_scale(case
            when areas_summed.indicator_code is not null and not areas_summed.is_compared then null
            when areas_summed.indicator_code is not null and this_year.aggregation = 'sum' then areas_summed.numerator_{{ name }}
            when areas_summed.indicator_code is not null
                then
                    case this_year.aggregation when 'percent' then 100 else 1 end
                    * areas_summed.numerator_{{ name }} / nullif(areas_summed.denominator_{{ name }}, 0)
            when this_year.aggregation = 'sum' or changed_years.report_year is null then {{ of_province }}.value
        end) as value_{{ name }},
        {%- endfor %}
        this_year.value as province_now,
        last_year.value as province_before
    from province_values as this_year
    inner join province_values as last_year
        on
            this_year.indicator_code = last_year.indicator_code
            and this_year.measure_code = last_year.measure_code
            and this_year.report_year = last_year.report_year + 1
    left join areas_summed
        on
            this_year.indicator_code = areas_summed.indicator_code
            and this_year.measure_code = areas_summed.measure_code
            and this_year.report_year = areas_summed.report_year
    left join changed_years on this_year.report_year = changed_years.report_year
)

select
    indicator_code,
    measure_code,
    report_year,
    value_before,
    value_now,
    value_now - value_before as change,
    areas_expected,
    areas_compared,
    coalesce(
        areas_compared = areas_expected and value_now = province_now and value_before = province_before, false
    ) as is_whole
from compared
