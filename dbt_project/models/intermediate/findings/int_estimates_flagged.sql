with

declared as (
    select * from {{ ref('stg_submissions__declared_values') }}
),

submissions as (
    select * from {{ ref('int_submissions_ordered') }}
),

declared_by_kind as (
    select
        submissions.report_year,
        submissions.unit_uid,
        submissions.submission_order,
        submissions.value_kind,
        declared.submission_id,
        declared.row_number,
        declared.indicator_code,
        declared.declared_value
    from declared
    inner join submissions on declared.submission_id = submissions.submission_id
),

last_estimates as (
    select distinct on (report_year, unit_uid, indicator_code) *
    from declared_by_kind
    where value_kind = 'estimate'
    order by report_year, unit_uid, indicator_code, submission_order desc
),

last_actuals as (
    select distinct on (report_year, unit_uid, indicator_code) *
    from declared_by_kind
    where value_kind = 'actual'
    order by report_year, unit_uid, indicator_code, submission_order desc
)

select
    'Y05' as rule_code,
    last_actuals.submission_id,
    '10_TONG_HOP' as sheet_code,
    last_actuals.row_number,
    'declared_value' as field_code,
    trim_scale(last_actuals.declared_value)::text as value,
    trim_scale(last_estimates.declared_value)::text as expected,
    null::text as other_unit,
    last_actuals.report_year
from last_actuals
inner join last_estimates using (report_year, unit_uid, indicator_code)
where
    last_actuals.submission_order > last_estimates.submission_order
    and abs(last_actuals.declared_value - last_estimates.declared_value) > 0.1 * abs(last_estimates.declared_value)
