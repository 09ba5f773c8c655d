with

priority_groups as (
    select * from {{ ref('int_priority_groups_current') }}
    where is_programme_ground
),

counted as (
    {{ for_unit_and_province('priority_groups') }}
)

select
    'C04' as indicator_code,
    parts.measure_code,
    counted.report_year,
    counted.counted_for,
    'numerator' as part,
    counted.submission_id,
    counted.row_number,
    parts.field_code,
    parts.contribution::numeric as contribution,
    jsonb_build_object('priority_group', counted.priority_group) as attributes
from counted
cross join lateral (
    values
    ('supported', 'women_supported', women_supported),
    ('employed', 'women_employed', women_employed)
) as parts (measure_code, field_code, contribution)
where parts.contribution is not null
