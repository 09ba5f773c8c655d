with

group_rows as (
    select * from {{ ref('stg_submissions__groups') }}
),

submissions as (
    select * from {{ ref('int_submissions_ordered') }}
),

communes as (
    select * from {{ ref('int_communes_dated') }}
),

named as (
    select
        group_rows.*,
        {{ normalised('group_rows.group_name') }} as normalised_name,
        communes.commune_uid,
        communes.latest_commune_uid
    from group_rows
    inner join submissions on group_rows.submission_id = submissions.submission_id
    left join communes
        on
            group_rows.commune_code = communes.commune_code
            and submissions.data_to between communes.valid_from and communes.valid_to
),

coded as (
    select
        normalised_name,
        latest_commune_uid,
        min(group_code) as known_group_code
    from named
    where group_code is not null
    group by normalised_name, latest_commune_uid
)

select
    named.submission_id,
    named.row_number,
    named.group_code as reported_group_code,
    -- an issued code is a function of name and area, so that a replay issues the same
    coalesce(
        named.group_code,
        coded.known_group_code,
        raw.issued_group_code(named.group_name, named.latest_commune_uid)
    ) as group_code,
    named.group_name,
    named.normalised_name,
    named.commune_code,
    named.commune_uid,
    named.latest_commune_uid,
    named.founded_on,
    named.sector,
    named.status,
    named.union_supported_founding,
    named.woman_leads,
    named.members,
    named.women_members,
    named.workers,
    named.women_workers,
    named.women_stable_jobs,
    named.became_cooperative
from named
left join coded
    on
        named.normalised_name = coded.normalised_name
        and named.latest_commune_uid is not distinct from coded.latest_commune_uid
