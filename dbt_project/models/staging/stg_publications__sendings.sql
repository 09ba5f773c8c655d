with

sendings as (
    select * from {{ source('raw', 'publication_sendings') }}
),

renamed as (
    select
        publication_id,
        recipient,
        sent_at
    from sendings
)

select * from renamed
