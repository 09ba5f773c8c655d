with

groups as (
    select * from {{ ref('int_groups_current') }}
    where is_programme_ground
),

sectors as (
    select * from {{ ref('code_lists') }}
    where code_list = 'sectors' and {{ holds('flags', "'C15'") }}
),

assessed as (
    select
        groups.*,
        groups.is_operating and groups.union_supported_founding as is_union_founded,
        groups.is_operating
        and sectors.code is not null
        and groups.founded_on >= {{ plan_start() }} as is_new_service
    from groups
    left join sectors on groups.sector = sectors.code
),

counted as (
    {{ for_unit_and_province('assessed', 'counts_for_province') }}
)

select
    parts.indicator_code,
    parts.measure_code,
    counted.report_year,
    counted.counted_for,
    'numerator' as part,
    counted.submission_id,
    counted.row_number,
    'group_name' as field_code,
    1::numeric as contribution,
    counted.group_code as organisation_id,
    counted.commune_uid
from counted
cross join lateral (
    values
    ('C02', 'union_founded', is_union_founded),
    ('C15', 'groups', is_new_service)
) as parts (indicator_code, measure_code, counts)
where parts.counts
