with

cooperatives as (
    select * from {{ ref('int_cooperatives_reported') }}
),

groups as (
    select * from {{ ref('int_groups_reported') }}
)

select
    report_year,
    unit_uid,
    '01_HTX' as sheet_code,
    registration_number as organisation_id,
    'registration_number' as key_field,
    cooperative_name as organisation_name,
    commune_uid,
    registered_on as founded_on,
    status in ('dissolved') as has_ended,
    is_programme_ground,
    counts_for_province,
    submission_id,
    row_number
from cooperatives

union all

select
    report_year,
    unit_uid,
    '02_THT' as sheet_code,
    group_code as organisation_id,
    'group_name' as key_field,
    group_name as organisation_name,
    commune_uid,
    founded_on,
    status = 'dissolved' or has_become_cooperative as has_ended,
    is_programme_ground,
    counts_for_province,
    submission_id,
    row_number
from groups
