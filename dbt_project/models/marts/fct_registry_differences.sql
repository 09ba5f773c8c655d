with

different as (
    select * from {{ ref('int_registry_differences') }}
),

queried as (
    select * from {{ ref('int_findings_registry') }}
),

sheets as (
    select * from {{ ref('stg_submissions__sheets') }}
    where sheet_code = '01_HTX'
)

select
    different.report_year::integer as report_year,
    different.unit_uid::text as unit_uid,
    different.registration_number::text as registration_number,
    different.difference::text as difference,
    different.cooperative_name::text as cooperative_name,
    different.reported_value::text as reported_value,
    different.registry_value::text as registry_value,
    coalesce(queried.rule_code, case when different.difference = 'missing_in_report' then 'X03' end)::text as rule_code,
    different.submission_id::text as submission_id,
    different.row_number::integer as row_number,
    (sheets.column_letters ->> different.field_code || different.row_number)::text as cell,
    different.snapshot_id::text as snapshot_id
from different
left join queried
    on
        different.submission_id = queried.submission_id
        and different.row_number = queried.row_number
        and different.field_code = queried.field_code
left join sheets on different.submission_id = sheets.submission_id
