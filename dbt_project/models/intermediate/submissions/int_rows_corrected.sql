with

versions as (
    select * from {{ ref('int_submissions_versioned') }}
    where is_in_force
),

sheet_rows as (
    select * from {{ ref('stg_submissions__sheet_rows') }}
),

-- the keys that a partial correction carries, by each file in force before it
corrected as (
    select distinct
        earlier.submission_id,
        sheet_rows.sheet_code,
        sheet_rows.row_key
    from versions as later
    inner join sheet_rows on later.submission_id = sheet_rows.submission_id
    inner join versions as earlier
        on
            later.report_year = earlier.report_year
            and later.unit_uid = earlier.unit_uid
            and later.history = earlier.history
            and later.submission_order > earlier.submission_order
    where not later.is_whole and sheet_rows.row_key is not null
)

select
    sheet_rows.submission_id,
    sheet_rows.sheet_code,
    sheet_rows.row_number
from sheet_rows
inner join corrected using (submission_id, sheet_code, row_key)
