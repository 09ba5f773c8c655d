with

-- counts of persons in priority groups, and their totals
figures as (
    select indicator_values.*
    from {{ ref('fct_indicator_values') }} as indicator_values
    inner join {{ ref('measure_breakdowns') }} as breakdowns using (indicator_code, measure_code)
    where breakdowns.breakdown = 'priority_group'
),

groups as (
    select * from {{ ref('int_priority_counts_judged') }}
),

totals as (
    select * from {{ ref('int_priority_totals_judged') }}
),

cells as (
    select
        figures.indicator_code,
        figures.measure_code,
        figures.breakdown,
        figures.breakdown_code,
        figures.report_year,
        figures.unit_uid,
        figures.basis,
        figures.numerator is null
        or figures.numerator = 0
        or (figures.unit_uid = 'province' and groups.is_total_shown)
        or (figures.unit_uid <> 'province' and not groups.is_hidden) as is_shown
    from figures
    left join groups using (indicator_code, measure_code, report_year, breakdown_code)
    where figures.breakdown = 'priority_group' and figures.basis = 'as_reported'
),

-- a unit's total shows when it holds nothing that is hidden
unit_totals as (
    select
        figures.indicator_code,
        figures.measure_code,
        figures.breakdown,
        figures.breakdown_code,
        figures.report_year,
        figures.unit_uid,
        figures.basis,
        case
            when figures.numerator is null or figures.numerator = 0 then true
            when figures.unit_uid = 'province' then bool_and(totals.is_total_shown)
            else bool_and(cells.is_shown)
        end as is_shown
    from figures
    left join cells using (indicator_code, measure_code, report_year, unit_uid, basis)
    left join totals using (indicator_code, measure_code, report_year)
    where figures.breakdown = 'total' and figures.basis = 'as_reported'
    group by 1, 2, 3, 4, 5, 6, 7, figures.numerator
),

unioned as (
    select * from cells
    union all
    select * from unit_totals
),

renamed as (
    select
        indicator_code,
        measure_code,
        breakdown,
        breakdown_code,
        report_year,
        unit_uid,
        basis,
        coalesce(is_shown, false) as is_shown
    from unioned
)

{{ contracted('renamed') }}
