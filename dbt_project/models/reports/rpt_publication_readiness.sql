with

readiness as (
    select * from {{ ref('fct_publication_readiness') }}
)

{{ contracted('readiness') }}
