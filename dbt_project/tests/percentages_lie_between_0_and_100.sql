-- A percentage is a number from 0 to 100; the rules H04 to H08 and O01 ensure it row by row.
select
    figures.indicator_code,
    figures.report_year,
    figures.unit_uid,
    figures.numerator,
    figures.denominator,
    figures.value
from {{ ref('fct_indicator_values') }} as figures
inner join {{ ref('indicators') }} as indicators on figures.indicator_code = indicators.indicator_code
where
    indicators.unit = 'percent'
    and not (figures.value between 0 and 100)
