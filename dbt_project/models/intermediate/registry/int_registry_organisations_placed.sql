with

cut_offs as (
    select * from {{ ref('int_registry_snapshots_selected') }}
),

registered as (
    select * from {{ ref('int_registry_entries_placed') }}
),

communes as (
    select * from {{ ref('int_communes_assigned') }}
)

select
    cut_offs.report_year,
    registered.snapshot_id,
    registered.registration_number,
    registered.organisation_kind,
    registered.organisation_name,
    registered.sector,
    registered.status,
    registered.registered_on,
    registered.members,
    registered.union_founded,
    registered.commune_uid,
    communes.unit_uid
from cut_offs
inner join registered on cut_offs.snapshot_id = registered.snapshot_id
left join communes
    on registered.commune_uid = communes.commune_uid and cut_offs.report_year = communes.report_year
