with

managers as (
    select * from {{ ref('stg_registry__managers') }}
    where sex = 'F'
),

positions as (
    select * from {{ ref('code_lists') }}
    where code_list = 'manager_positions' and {{ holds('flags', "'management_office'") }}
),

-- an accountant is not a manager (decision A2); a day that the registry does not give bounds nothing
held as (
    select
        managers.snapshot_id,
        managers.speaks_of,
        managers.registration_number,
        managers.manager_no,
        managers.held_from,
        managers.held_to,
        coalesce(managers.held_from, '-infinity'::date) as in_office_from,
        coalesce(managers.held_to, 'infinity'::date) as in_office_until
    from managers
    inner join positions on managers.manager_position = positions.code
)

select * from held
