with

submissions as (
    select * from {{ ref('fct_submissions') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

kinds as (
    select * from {{ ref('dim_codes') }}
    where code_list = 'report_kinds'
),

joined as (
    select
        submissions.*,
        units.unit_name_vi,
        kinds.label_vi as report_kind_name_vi,
        {{ label_of('submission_statuses', 'submissions.status') }} as status_name_vi
    from submissions
    inner join kinds on submissions.report_kind = kinds.code and not coalesce(kinds.flags ~ '\myearly\M', false)
    left join units on submissions.unit_uid = units.unit_uid
    where submissions.duplicate_of is null
)

{{ contracted('joined') }}
