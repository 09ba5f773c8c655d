with

counts as (
    select * from {{ ref('int_priority_counts_summed') }}
),

published as (
    select * from {{ ref('int_priority_counts_published') }}
),

-- who holds a corrected report against the one before reads off the totals what a unit corrected
compared as (
    select
        counts.*,
        exists(
            select 1
            from published
            where
                published.indicator_code = counts.indicator_code
                and published.measure_code = counts.measure_code
                and published.report_year = counts.report_year
                and published.breakdown_code = counts.breakdown_code
                and published.persons <> counts.persons
                and (published.has_few or counts.has_few)
        ) as is_restated
    from counts
),

-- the employed are thought of as some of the supported: what is hidden of these, is hidden of those
judged as (
    select
        compared.*,
        has_few
        or is_restated
        or bool_or((has_few or is_restated) and measure_code = 'supported') over (
            partition by indicator_code, report_year, breakdown_code
        ) as is_hidden
    from compared
)

-- on average the threshold or more: less would reveal that nearly all of them are one
select
    indicator_code,
    measure_code,
    report_year,
    breakdown_code,
    threshold,
    units,
    persons,
    is_complete,
    is_hidden,
    is_restated,
    not is_hidden
    or (not is_restated and (persons = 0 or (is_complete and units >= 3 and persons >= threshold * units)))
        as is_total_shown
from judged
