with

organisations as (
    select * from {{ ref('int_organisations_new') }}
)

{{ contracted('organisations') }}
