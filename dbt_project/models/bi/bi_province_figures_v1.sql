with

of_province as (
    select * from {{ ref('rpt_figures') }}
    where basis = 'as_reported' and breakdown = 'total' and unit_uid = 'province'
),

published as (
    {{ figures_published('of_province') }}
),

-- a target is set for the indicator's own figure
targets as (
    select
        *,
        'value' as measure_code
    from {{ ref('rpt_annual_targets') }}
),

joined as (
    select
        published.*,
        targets.target,
        targets.target_year,
        targets.verdict,
        {{ verdict_vi('targets') }} as verdict_vi
    from published
    left join targets using (indicator_code, measure_code, report_year)
)

{{ contracted('joined') }}
