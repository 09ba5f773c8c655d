with

managers as (
    select * from {{ ref('stg_registry__managers') }}
),

positions as (
    select * from {{ ref('code_lists') }}
    where code_list = 'manager_positions' and {{ holds('flags', "'management_office'") }}
),

days as (
    select
        snapshot_id,
        registry_cut_off as in_office_on
    from {{ ref('int_registry_cut_offs') }}

    union

    select
        snapshots.snapshot_id,
        baselines.measured_on as in_office_on
    from {{ ref('stg_registry__snapshots') }} as snapshots
    inner join {{ ref('baselines') }} as baselines on snapshots.speaks_of = baselines.measured_on
),

-- a woman in a management office on the day; an accountant is not a manager (decision A2)
women_in_office as (
    select distinct
        days.snapshot_id,
        days.in_office_on,
        managers.registration_number
    from days
    inner join managers on days.snapshot_id = managers.snapshot_id
    inner join positions on managers.manager_position = positions.code
    where
        managers.sex = 'F'
        and (managers.held_from is null or managers.held_from <= days.in_office_on)
        and (managers.held_to is null or managers.held_to > days.in_office_on)
)

select * from women_in_office
