with

narratives as (
    select * from {{ ref('int_narratives_current') }}
)

select
    report_year::integer as report_year,
    unit_uid::text as unit_uid,
    is_union::boolean as is_union,
    narrative_section::text as narrative_section,
    text::text as text,
    addressee::text as addressee,
    submission_id::text as submission_id,
    row_number::integer as row_number
from narratives
