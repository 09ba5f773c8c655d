with

started as (
    select * from {{ ref('int_targets_started') }}
),

reasons as (
    select * from {{ ref('pace_reasons') }}
),

-- why a figure has no pace, in the order of the rows of pace_reasons
withheld as (
    select distinct on (started.indicator_code, started.report_year)
        started.indicator_code,
        started.report_year,
        reasons.reason,
        {{ filled('reasons.because_vi', {
            'threshold': number_vi('reasons.threshold'),
            'denominator': number_vi('started.denominator'),
            'report_year': 'started.report_year::text',
            'first_denominator': number_vi('started.first_of'),
            'first_year': 'started.first_in::text',
        }) }} as because_vi
    from started
    inner join reasons
        on case reasons.reason
            when 'too_few' then least(started.denominator, started.started_of) < reasons.threshold
            when 'population_changed'
                then abs(100 * started.denominator / nullif(started.started_of, 0) - 100) > reasons.threshold
            when 'units_changed' then started.started_in >= started.report_year and started.first_in < started.report_year
            when 'one_report' then started.started_in >= started.report_year
        end
    where started.is_paced and started.value is not null
    order by started.indicator_code, started.report_year, reasons.position
)

select
    indicator_code,
    report_year,
    is_paced,
    case when is_paced and withheld.reason is null then (value - started_at) / nullif(report_year - started_in, 0) end as pace_so_far,
    case when is_paced then report_year - started_in end as years_passed,
    withheld.reason as pace_withheld,
    withheld.because_vi as pace_withheld_vi
from started
left join withheld using (indicator_code, report_year)
