with

targets as (
    select * from {{ ref('targets') }}
)

select
    indicator_code::text as indicator_code,
    phase::integer as phase,
    target_year::integer as target_year,
    target::numeric as target,
    source::text as source
from targets
