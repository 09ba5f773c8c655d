-- A missing figure is a row with a status, never a missing row: each unit of the roster, and the province, has a row for
-- each figure that comes from a sheet, and has a numerator exactly when its status is that of a reported one.
with

measures as (
    select * from {{ ref('measures') }}
    where main_sheet is not null
),

expected as (
    select
        measures.indicator_code,
        measures.measure_code,
        units.report_year,
        units.unit_uid
    from measures
    cross join (
        select
            report_year,
            unit_uid
        from {{ ref('int_units_rostered') }}

        union

        select
            report_year,
            'province' as unit_uid
        from {{ ref('int_units_rostered') }}
    ) as units
),

figures as (
    select * from {{ ref('fct_indicator_values') }}
    where breakdown = 'total' and basis = 'as_reported'
)

select
    expected.indicator_code,
    expected.measure_code,
    expected.report_year,
    expected.unit_uid,
    figures.value_status,
    figures.numerator
from expected
left join figures
    on
        expected.indicator_code = figures.indicator_code
        and expected.measure_code = figures.measure_code
        and expected.report_year = figures.report_year
        and expected.unit_uid = figures.unit_uid
where
    figures.value_status is null
    or (figures.numerator is not null) <> (figures.value_status in ('reported', 'estimated', 'nil'))
    or (figures.value_status = 'nil' and figures.numerator <> 0)
