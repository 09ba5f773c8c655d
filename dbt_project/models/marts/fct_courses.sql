with

courses as (
    select * from {{ ref('int_courses_current') }}
)

{{ contracted('courses') }}
