with

figures as (
    select * from {{ source('publications', 'publication_figures') }}
),

renamed as (
    select
        publication_id,
        indicator_code,
        measure_code,
        breakdown,
        breakdown_code,
        report_year,
        unit_uid,
        basis,
        numerator
    from figures
)

select * from renamed
