with

sheet_rows as (
    select * from {{ source('raw', 'sheet_03_ho_tro') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'organisation_code' as organisation_code,
        read ->> 'support_kind' as support_kind,
        (read ->> 'started_on')::date as started_on,
        (read ->> 'ended_on')::date as ended_on,
        read ->> 'supporting_agency' as supporting_agency,
        (read ->> 'cost')::numeric as cost_million_vnd,
        read ->> 'funding_source' as funding_source,
        read ->> 'result' as result
    from sheet_rows
)

select * from typed
