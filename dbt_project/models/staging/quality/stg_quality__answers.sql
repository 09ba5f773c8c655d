{{ config(materialized='table') }}

with

answers as (
    select * from {{ source('quality', 'answers') }}
),

renamed as (
    select
        reporting_unit_code,
        report_year,
        finding_id,
        answer,
        answered_at,
        answered_by as submission_id
    from answers
)

select * from renamed
