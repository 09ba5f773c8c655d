with

cut_offs as (
    select * from {{ ref('int_registry_snapshots_selected') }}
),

baselines as (
    select
        snapshots.snapshot_id,
        snapshots.speaks_of,
        baselines.measured_on
    from {{ ref('baselines') }} as baselines
    inner join {{ ref('stg_registry__snapshots') }} as snapshots on baselines.measured_on = snapshots.speaks_of
),

in_order as (
    select
        report_year,
        snapshot_id,
        speaks_of,
        registry_cut_off as in_office_on,
        lag(report_year) over years as last_report_year,
        lag(snapshot_id) over years as last_snapshot_id,
        lag(speaks_of) over years as last_speaks_of,
        lag(registry_cut_off) over years as last_in_office_on
    from cut_offs
    window years as (order by report_year)
)

-- the first year is compared with the day of the plan's baseline, where a snapshot describes it
select
    in_order.report_year,
    in_order.snapshot_id,
    in_order.speaks_of,
    in_order.in_office_on,
    coalesce(in_order.last_snapshot_id, baselines.snapshot_id) as last_snapshot_id,
    coalesce(in_order.last_speaks_of, baselines.speaks_of) as last_speaks_of,
    coalesce(in_order.last_in_office_on, baselines.measured_on) as last_in_office_on
from in_order
left join baselines on in_order.last_report_year is null
