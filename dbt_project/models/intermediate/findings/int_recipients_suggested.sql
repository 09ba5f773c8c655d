{% set most, least_resemblance = 3, 0.6 %}

with

unknown as (
    select
        submission_id,
        row_number,
        unit_uid,
        {{ searched_name('organisation_code') }} as name
    from {{ ref('int_support_actions_resolved') }}
    where organisation_id is null
),

named as (
    select
        report_year,
        unit_uid,
        registration_number as organisation_id,
        cooperative_name as organisation_name
    from {{ ref('int_cooperatives_reported') }}
    union all
    select
        report_year,
        unit_uid,
        group_code as organisation_id,
        group_name as organisation_name
    from {{ ref('int_groups_reported') }}
    union all
    select
        report_year,
        unit_uid,
        registration_number as organisation_id,
        organisation_name
    from {{ ref('int_registry_organisations_placed') }}
),

known as (
    select distinct on (unit_uid, organisation_id)
        unit_uid,
        organisation_id,
        organisation_name,
        {{ searched_name('organisation_name') }} as name
    from named
    where organisation_name is not null
    order by unit_uid, organisation_id, report_year desc, organisation_name
),

-- each name once, as units write it in many rows; of other units, only what has this very name
compared as (
    select
        sent.unit_uid,
        sent.name,
        known.organisation_id,
        known.organisation_name,
        sent.unit_uid = known.unit_uid as is_own,
        {{ resemblance('sent.name', 'known.name') }} as resemblance
    from (select distinct unit_uid, name from unknown) as sent
    inner join known on sent.unit_uid = known.unit_uid or sent.name = known.name
),

ranked as (
    select
        compared.*,
        row_number() over (partition by unit_uid, name order by is_own desc, resemblance desc, organisation_id) as rank
    from compared
    where resemblance >= {{ least_resemblance }}
),

suggested as (
    select
        unit_uid,
        name,
        string_agg(organisation_id || ' - ' || organisation_name, '; ' order by rank) as likely
    from ranked
    where rank <= {{ most }}
    group by unit_uid, name
)

select
    unknown.submission_id,
    unknown.row_number,
    suggested.likely
from unknown
inner join suggested using (unit_uid, name)
