with

submissions as (
    select * from {{ ref('int_submissions_ordered') }}
),

row_counts as (
    select
        submission_id,
        count(*) as list_rows
    from {{ ref('stg_submissions__sheet_rows') }}
    group by submission_id
),

with_previous as (
    select
        submissions.*,
        coalesce(row_counts.list_rows, 0) as list_rows,
        lag(coalesce(row_counts.list_rows, 0)) over earlier as previous_list_rows,
        lag(submissions.submission_id) over earlier as previous_submission_id,
        count(*) filter (where submissions.submission_kind = 'first') over (
            partition by submissions.report_year, submissions.unit_uid, submissions.report_kind
            order by submissions.submission_order
        ) as firsts_so_far
    from submissions
    left join row_counts on submissions.submission_id = row_counts.submission_id
    window earlier as (
        partition by submissions.report_year, submissions.unit_uid
        order by submissions.submission_order
    )
),

questioned as (
    select
        with_previous.*,
        case
            when submission_kind = 'first' and firsts_so_far > 1 then 'lần gửi đầu đã có'
            when submission_kind = 'full_replacement' and list_rows * 2 < previous_list_rows
                then list_rows || ' dòng, lần trước ' || previous_list_rows || ' dòng'
            when submission_kind = 'partial_correction' and previous_submission_id is null
                then 'chưa có báo cáo nào để hiệu chỉnh'
        end as question
    from with_previous
)

select
    'F09' as rule_code,
    submission_id,
    '00_BIA' as sheet_code,
    null::integer as row_number,
    'submission_kind' as field_code,
    submission_kind as value,
    question as expected,
    null::text as other_unit,
    report_year
from questioned
where question is not null
