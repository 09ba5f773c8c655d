with

areas_reported as (
    select * from {{ ref('int_areas_reported') }}
),

areas as (
    select * from {{ ref('int_areas_compared') }}
),

contributions as (
    select * from {{ ref('int_contributions_combined') }}
    where unit_uid = 'province' and breakdown = 'total'
),

counted as (
    select
        indicator_code,
        measure_code,
        report_year,
        count(*) filter (where is_expected) as areas_expected,
        count(*) filter (where is_expected and is_compared) as areas_compared,
        bool_or(is_compared) as is_compared
    from areas_reported
    group by indicator_code, measure_code, report_year
),

-- what the units of compared areas contributed to the province's figure, in the year and in the year before
summed as (
    select
        areas_reported.indicator_code,
        areas_reported.measure_code,
        areas_reported.report_year,
        {%- for name, year in [('now', 'areas_reported.report_year'), ('before', 'areas_reported.report_year - 1')] %}
        {%- for part in ['numerator', 'denominator'] %}
        coalesce(sum(contribution) filter (where part = '{{ part }}' and contributions.report_year = {{ year }}), 0)
            as {{ part }}_{{ name }}{{ ',' if not loop.last or name == 'now' }}
        {%- endfor %}
        {%- endfor %}
    from areas_reported
    inner join areas using (report_year, area_uid)
    inner join contributions
        on
            areas_reported.indicator_code = contributions.indicator_code
            and areas_reported.measure_code = contributions.measure_code
            -- a pilot model (C08) is of the unit that reports the organisation, also where another unit supported it
            and areas.unit_uid = coalesce(contributions.own_unit_uid, contributions.reporting_unit_uid)
            and contributions.report_year between areas_reported.report_year - 1 and areas_reported.report_year
    where areas_reported.is_compared
    group by areas_reported.indicator_code, areas_reported.measure_code, areas_reported.report_year
)

select
    counted.*,
    coalesce(summed.numerator_now, 0) as numerator_now,
    coalesce(summed.denominator_now, 0) as denominator_now,
    coalesce(summed.numerator_before, 0) as numerator_before,
    coalesce(summed.denominator_before, 0) as denominator_before
from counted
left join summed using (indicator_code, measure_code, report_year)
