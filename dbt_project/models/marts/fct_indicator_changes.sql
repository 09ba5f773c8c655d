with

changes as (
    select * from {{ ref('int_changes_computed') }}
),

restated as (
    select * from {{ ref('stg_quality__restated_changes') }}
),

-- where a decision begins in the year, the year before is worked out again under the same decision
combined as (
    select
        changes.*,
        restated.value_before as value_restated,
        restated.change as change_restated,
        restated.report_year is not null and restated.value_before is distinct from changes.value_before as is_restated
    from changes
    left join restated using (indicator_code, measure_code, report_year)
),

compared as (
    select
        indicator_code,
        measure_code,
        report_year,
        case when is_restated then value_restated else value_before end as value_before,
        value_now,
        case when is_restated then change_restated else change end as change,
        areas_expected,
        areas_compared,
        is_whole and not is_restated as is_whole,
        is_restated
    from combined
)

{{ contracted('compared') }}
