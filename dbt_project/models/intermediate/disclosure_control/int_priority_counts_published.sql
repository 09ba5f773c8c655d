with

figures as (
    select * from {{ ref('stg_publications__figures') }}
),

publications as (
    select * from {{ ref('stg_publications__publications') }}
),

breakdowns as (
    select * from {{ ref('measure_breakdowns') }}
    where breakdown = 'priority_group'
),

thresholds as (
    select
        report_year,
        small_cell_threshold as threshold
    from {{ ref('report_cycles') }}
),

summed as (
    select
        figures.publication_id,
        figures.indicator_code,
        figures.measure_code,
        figures.report_year,
        figures.breakdown_code,
        -- of a yearly report that lacked a unit no total of few was shown; a review may lack one of another year
        publications.kind = 'annual' and coalesce(publications.lacks_units, false) as is_incomplete,
        thresholds.threshold,
        count(*) filter (where figures.unit_uid <> 'province' and figures.numerator <> 0) as units,
        coalesce(sum(figures.numerator) filter (where figures.unit_uid <> 'province'), 0) as persons,
        bool_or(figures.numerator > 0 and figures.numerator < thresholds.threshold) as has_few
    from figures
    inner join publications on figures.publication_id = publications.publication_id
    inner join breakdowns using (indicator_code, measure_code, breakdown)
    inner join thresholds on figures.report_year = thresholds.report_year
    where figures.basis = 'as_reported'
    group by 1, 2, 3, 4, 5, 6, 7
)

-- a total that was hidden is no total to compare with
select
    publication_id,
    indicator_code,
    measure_code,
    report_year,
    breakdown_code,
    persons,
    coalesce(has_few, false) as has_few
from summed
where
    not coalesce(has_few, false)
    or (not is_incomplete and units >= 3 and persons >= threshold * units)
