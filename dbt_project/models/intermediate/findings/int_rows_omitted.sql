with

submissions as (
    select * from {{ ref('int_submissions_ordered') }}
),

-- the lists that a unit reports; declared values, answers and narrative come and go
list_rows as (
    select * from {{ ref('stg_submissions__sheet_rows') }}
    where sheet_code < '10' and row_key is not null
),

wholes as (
    select
        submissions.*,
        coalesce(
            lag(submission_order) over (partition by report_year, unit_uid order by submission_order), 1
        ) as last_whole_order
    from submissions
    where submission_kind in ('first', 'full_replacement')
),

-- what counted when the file came: the last whole report before it, and the corrections of that
rows_before as (
    select distinct
        wholes.submission_id,
        list_rows.sheet_code,
        list_rows.row_key
    from wholes
    inner join submissions as earlier
        on
            wholes.report_year = earlier.report_year
            and wholes.unit_uid = earlier.unit_uid
            and earlier.submission_order between wholes.last_whole_order and wholes.submission_order - 1
    inner join list_rows on earlier.submission_id = list_rows.submission_id
),

by_list as (
    select
        rows_before.submission_id,
        rows_before.sheet_code,
        count(*) as rows_before,
        count(*) filter (where list_rows.row_key is null) as rows_left_out
    from rows_before
    left join list_rows using (submission_id, sheet_code, row_key)
    group by rows_before.submission_id, rows_before.sheet_code
),

by_file as (
    select
        submission_id,
        sum(rows_before) as rows_before,
        sum(rows_left_out) as rows_left_out,
        -- a part of one list, sent as if it were all of it: of a handful of rows most may well have ended
        bool_or(rows_before >= 5 and rows_left_out * 2 > rows_before) as lacks_most_of_a_list
    from by_list
    group by submission_id
)

select
    submission_id,
    rows_before,
    rows_left_out
from by_file
where rows_left_out * 2 > rows_before or lacks_most_of_a_list
