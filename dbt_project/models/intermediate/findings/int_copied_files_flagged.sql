with

compared as (
    select * from {{ ref('int_counts_compared') }}
),

-- a report that repeats last year's figures; a handful of figures may well stay the same
shares as (
    select
        submission_id,
        report_year,
        count(*) as compared_values,
        avg((value = last_value)::integer) as same_share
    from compared
    group by submission_id, report_year
    having count(*) >= 20
)

select
    'Y03' as rule_code,
    submission_id,
    '00_BIA' as sheet_code,
    null::integer as row_number,
    'report_year' as field_code,
    round(100 * same_share)::text as value,
    null::text as expected,
    null::text as other_unit,
    report_year
from shares
where same_share >= 0.9
