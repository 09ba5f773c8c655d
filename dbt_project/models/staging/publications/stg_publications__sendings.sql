with

sendings as (
    select * from {{ source('publications', 'publication_sendings') }}
),

renamed as (
    select
        publication_id,
        recipient,
        sent_at
    from sendings
)

select * from renamed
