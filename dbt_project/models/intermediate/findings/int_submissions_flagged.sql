with

submissions as (
    select * from {{ ref('int_submissions_ordered') }}
),

left_out as (
    select * from {{ ref('int_rows_omitted') }}
),

carried as (
    select
        submission_id,
        count(*) as carried_rows,
        count(*) filter (where sheet_code = '11_GIAI_TRINH') as answers
    from {{ ref('stg_submissions__sheet_rows') }}
    group by submission_id
),

with_previous as (
    select
        submissions.*,
        coalesce(carried.carried_rows, 0) as carried_rows,
        coalesce(carried.answers, 0) as answers,
        count(*) filter (where submissions.submission_kind = 'first') over (
            partition by submissions.report_year, submissions.unit_uid, submissions.report_kind
            order by submissions.submission_order
        ) as firsts_so_far
    from submissions
    left join carried on submissions.submission_id = carried.submission_id
),

questioned as (
    select
        with_previous.*,
        case
            when left_out.submission_id is not null
                then
                    replace(
                        replace({{ finding_words('rows_left_out') }}, '{left_out}', left_out.rows_left_out::text),
                        '{before}', left_out.rows_before::text
                    )
            -- a first report with answers in it is our annotated copy, returned as requested
            when with_previous.submission_kind = 'first' and firsts_so_far > 1 and answers = 0
                then {{ finding_words('first_again') }}
            when with_previous.submission_kind = 'partial_correction' and submission_order = 1
                then {{ finding_words('nothing_before') }}
            when with_previous.submission_kind = 'partial_correction' and carried_rows = 0
                then {{ finding_words('no_rows') }}
        end as question
    from with_previous
    left join left_out on with_previous.submission_id = left_out.submission_id
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
