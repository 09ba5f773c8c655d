with

different as (
    select * from {{ ref('int_registry_differences_listed') }}
),

queried as (
    select * from {{ ref('int_registry_conflicts_flagged') }}
),

sheets as (
    select * from {{ ref('stg_submissions__sheets') }}
    where sheet_code = '01_HTX'
),

joined as (
    select
        different.*,
        coalesce(queried.rule_code, case when different.difference = 'missing_in_report' then 'X03' end) as rule_code,
        sheets.column_letters ->> different.field_code || different.row_number as cell
    from different
    left join queried using (submission_id, row_number, field_code)
    left join sheets on different.submission_id = sheets.submission_id
)

{{ contracted('joined') }}
