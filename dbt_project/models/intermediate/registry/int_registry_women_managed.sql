with

offices as (
    select * from {{ ref('int_registry_offices_held') }}
),

days as (
    select
        snapshot_id,
        registry_cut_off as in_office_on
    from {{ ref('int_registry_snapshots_selected') }}

    union

    select
        snapshots.snapshot_id,
        baselines.measured_on as in_office_on
    from {{ ref('stg_registry__snapshots') }} as snapshots
    inner join {{ ref('baselines') }} as baselines on snapshots.speaks_of = baselines.measured_on
),

-- one woman in office on the day is enough (decision A2)
women_in_office as (
    select distinct
        days.snapshot_id,
        days.in_office_on,
        offices.registration_number
    from days
    inner join offices on days.snapshot_id = offices.snapshot_id
    where days.in_office_on >= offices.in_office_from and days.in_office_on < offices.in_office_until
)

select * from women_in_office
