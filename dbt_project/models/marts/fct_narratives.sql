with

narratives as (
    select * from {{ ref('int_narratives_current') }}
)

{{ contracted('narratives') }}
