-- The province counts nothing that no unit reports: each row that counts for it is a row of a unit's own figure, so
-- numerator and denominator are at most the sums over units. Exceptions: T02, where a group that became a cooperative
-- counts although no unit reports it any more, and T06, where courses of units that left the roster stay.
with

figures as (
    select
        figures.indicator_code,
        figures.report_year,
        figures.unit_uid = 'province' as is_province,
        figures.numerator,
        figures.denominator
    from {{ ref('fct_indicator_values') }} as figures
    inner join {{ ref('measures') }} as measures
        on figures.indicator_code = measures.indicator_code and figures.measure_code = measures.measure_code
    where
        figures.breakdown = 'total'
        and figures.basis = 'as_reported'
        and figures.measure_code = 'value'
        and measures.main_sheet is not null
        and figures.indicator_code not in ('T02', 'T06')
)

select
    indicator_code,
    report_year,
    sum(numerator) filter (where is_province) as province_numerator,
    sum(numerator) filter (where not is_province) as units_numerator,
    sum(denominator) filter (where is_province) as province_denominator,
    sum(denominator) filter (where not is_province) as units_denominator
from figures
group by indicator_code, report_year
having
    coalesce(sum(numerator) filter (where is_province), 0) > coalesce(sum(numerator) filter (where not is_province), 0)
    or coalesce(sum(denominator) filter (where is_province), 0)
    > coalesce(sum(denominator) filter (where not is_province), 0)
