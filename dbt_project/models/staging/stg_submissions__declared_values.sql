with

sheet_rows as (
    select * from {{ source('raw', 'sheet_10_tong_hop') }}
),

typed as (
    select
        submission_id,
        row_number,
        read ->> 'indicator_code' as indicator_code,
        (read ->> 'declared_value')::numeric as declared_value,
        (read ->> 'declared_numerator')::numeric as declared_numerator,
        (read ->> 'declared_denominator')::numeric as declared_denominator,
        read ->> 'explanation' as explanation
    from sheet_rows
)

select * from typed
