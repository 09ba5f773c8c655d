with

rules as (
    select * from {{ ref('proposal_rules') }}
)

select
    rule_code::text as rule_code,
    topic::text as topic,
    position::integer as position,
    proposal::text as proposal,
    proposal_vi::text as proposal_vi,
    because_vi::text as because_vi,
    source::text as source
from rules
