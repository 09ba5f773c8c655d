with

bases as (
    select * from {{ ref('int_submissions_ordered') }}
    where is_base
),

placed as (
    select * from {{ ref('int_communes_placed') }}
),

-- the same unit, or units of one area: a commune takes over from its district
same_ground as (
    select distinct
        earlier.unit_uid as earlier_uid,
        later.unit_uid as later_uid
    from placed as earlier
    inner join placed as later on earlier.commune_uid = later.commune_uid

    union

    select
        unit_uid as earlier_uid,
        unit_uid as later_uid
    from bases
),

followed as (
    select
        bases.submission_id,
        bases.report_year,
        bases.data_from,
        max(last_year.data_to) + 1 as expected_from,
        bool_or(bases.data_from = last_year.data_to + 1)
        and bool_and(bases.data_from > last_year.data_to) as does_follow
    from bases
    inner join same_ground on bases.unit_uid = same_ground.later_uid
    inner join bases as last_year
        on same_ground.earlier_uid = last_year.unit_uid and bases.report_year - 1 = last_year.report_year
    group by bases.submission_id, bases.report_year, bases.data_from
)

select
    'F13' as rule_code,
    submission_id,
    '00_BIA' as sheet_code,
    null::integer as row_number,
    'data_from' as field_code,
    data_from::text as value,
    expected_from::text as expected,
    null::text as other_unit,
    report_year
from followed
where not does_follow
