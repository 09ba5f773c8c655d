with

rules as (
    select * from {{ ref('proposal_rules') }}
)

{{ contracted('rules') }}
