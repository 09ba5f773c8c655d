with

history_findings as (
    select * from {{ ref('int_history_findings') }}
)

{{ contracted('history_findings') }}
