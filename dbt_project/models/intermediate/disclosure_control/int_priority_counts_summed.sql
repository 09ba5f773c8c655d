with

-- counts of persons in priority groups, by unit and group; of the province too
counts as (
    select indicator_values.*
    from {{ ref('int_indicator_values_computed') }} as indicator_values
    inner join {{ ref('measure_breakdowns') }} as breakdowns using (indicator_code, measure_code, breakdown)
    where breakdowns.breakdown = 'priority_group' and indicator_values.basis = 'as_reported'
),

thresholds as (
    select
        report_year,
        small_cell_threshold as threshold
    from {{ ref('report_cycles') }}
),

-- while a report is missing, who compares the province's figures of two days reads off what came between them
complete_years as (
    select report_year
    from {{ ref('int_unit_years_summarised') }}
    group by report_year
    having bool_and(has_report or not is_mandatory)
),

-- blank codes are a group of their own
summed as (
    select
        counts.indicator_code,
        counts.measure_code,
        counts.report_year,
        counts.breakdown_code,
        thresholds.threshold,
        count(*) filter (where counts.unit_uid <> 'province' and counts.numerator <> 0) as units,
        coalesce(sum(counts.numerator) filter (where counts.unit_uid <> 'province'), 0) as persons,
        bool_or(counts.numerator > 0 and counts.numerator < thresholds.threshold) as has_few
    from counts
    inner join thresholds on counts.report_year = thresholds.report_year
    group by
        counts.indicator_code, counts.measure_code, counts.report_year, counts.breakdown_code, thresholds.threshold
)

select
    summed.*,
    complete_years.report_year is not null as is_complete
from summed
left join complete_years on summed.report_year = complete_years.report_year
