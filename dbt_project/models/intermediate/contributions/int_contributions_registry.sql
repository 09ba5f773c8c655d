with

organisations as (
    select * from {{ ref('int_registry_organisations_assessed') }}
),

counted as (
    {{ for_unit_and_province('organisations', counts_for_unit='organisations.unit_uid is not null') }}
)

select
    parts.indicator_code,
    parts.measure_code,
    counted.report_year,
    counted.counted_for,
    'numerator' as part,
    counted.snapshot_id,
    parts.field_code,
    parts.contribution::numeric as contribution,
    counted.registration_number as organisation_id,
    counted.commune_uid
from counted
cross join lateral (
    values
    ('C01', 'cooperatives', 'managers.position', case when is_women_managed then 1 end),
    ('C01', 'all_cooperatives', 'registration_number', case when not is_group then 1 end),
    ('C01', 'members', 'member_count', case when is_women_managed then members end),
    ('C01', 'union_founded', 'union_founded', case when is_women_managed and union_founded then 1 end),
    ('C02', 'all_groups', 'registration_number', case when is_group then 1 end)
) as parts (indicator_code, measure_code, field_code, contribution)
where parts.contribution is not null
