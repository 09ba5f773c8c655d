with

publications as (
    select * from {{ source('raw', 'publications') }}
),

renamed as (
    select
        publication_id,
        kind,
        report_year,
        phase,
        recipient,
        published_at
    from publications
)

select * from renamed
