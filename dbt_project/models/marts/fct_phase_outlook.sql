with

outlook as (
    select * from {{ ref('int_phases_projected') }}
)

{{ contracted('outlook') }}
