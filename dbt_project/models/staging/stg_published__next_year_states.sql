with

source as (
    select * from {{ source('quality', 'next_year_states') }}
)

select
    report_year,
    state_sha256
from source
