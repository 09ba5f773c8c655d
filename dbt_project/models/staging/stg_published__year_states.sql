with

source as (
    select * from {{ source('quality', 'published_year_states') }}
)

select
    report_year,
    state_sha256
from source
