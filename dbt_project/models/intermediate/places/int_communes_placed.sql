with recursive

administrative_units as (
    select * from {{ ref('administrative_units') }}
),

changes as (
    select * from {{ ref('administrative_unit_changes') }}
),

communes as (
    select
        uid,
        parent_uid
    from administrative_units
    where level = 'commune'
),

-- a commune, then what became of it, as far as the changes are known
succeeded as (
    select
        uid as commune_uid,
        uid as successor_uid,
        0 as steps
    from communes

    union all

    select
        succeeded.commune_uid,
        changes.successor_uid,
        succeeded.steps + 1 as steps
    from succeeded
    inner join changes on succeeded.successor_uid = changes.predecessor_uid
    where changes.is_default_successor and changes.successor_uid is not null
),

latest as (
    select distinct on (commune_uid)
        commune_uid,
        successor_uid as latest_commune_uid
    from succeeded
    order by commune_uid, steps desc
),

-- the units of every map in which the area of a commune lies: itself and its successors, and their parents
placed as (
    select
        commune_uid,
        successor_uid as unit_uid
    from succeeded

    union

    select
        succeeded.commune_uid,
        communes.parent_uid as unit_uid
    from succeeded
    inner join communes on succeeded.successor_uid = communes.uid
)

select
    placed.commune_uid,
    placed.unit_uid,
    latest.latest_commune_uid
from placed
inner join latest on placed.commune_uid = latest.commune_uid
where placed.unit_uid is not null
