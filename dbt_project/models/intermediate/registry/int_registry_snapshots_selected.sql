with

snapshots as (
    select * from {{ ref('stg_registry__snapshots') }}
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

-- the last snapshot that describes a day up to the cut-off, else the earliest
chosen as (
    select distinct on (report_years.report_year)
        report_years.report_year,
        report_years.registry_cut_off,
        snapshots.snapshot_id,
        snapshots.speaks_of
    from report_years
    cross join snapshots
    order by
        report_years.report_year,
        (snapshots.speaks_of <= report_years.registry_cut_off) desc,
        case when snapshots.speaks_of <= report_years.registry_cut_off then snapshots.speaks_of end desc,
        snapshots.speaks_of
)

select * from chosen
