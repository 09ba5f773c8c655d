with

units as (
    select * from {{ ref('int_units_reported') }}
    where report_year in (select report_years.report_year from {{ ref('int_years_reported') }} as report_years)
),

assigned as (
    select * from {{ ref('int_duties_assigned') }}
),

frequencies as (
    select * from {{ ref('duty_frequencies') }}
),

windows as (
    select * from {{ ref('int_honour_windows_dated') }}
),

phases as (
    select * from {{ ref('dim_phases') }}
),

duties as (
    select * from {{ ref('int_duties_reported') }}
),

-- the years within which a duty must be reported, where this year is the last of them
periods as (
    select
        units.*,
        assigned.duty_code,
        frequencies.frequency,
        frequencies.name_vi as frequency_vi,
        frequencies.owed_each,
        case frequencies.owed_each
            when 'year' then units.report_year
            when 'window' then windows.first_year
            when 'phase' then phases.first_report_year
            when 'once' then (select min(earlier.first_report_year) from phases as earlier)
        end as first_year
    from units
    inner join assigned on units.report_year = assigned.report_year and units.unit_uid = assigned.unit_uid
    inner join frequencies on assigned.frequency = frequencies.frequency
    left join windows on units.report_year = windows.last_year
    left join phases on units.report_year = phases.last_report_year
),

renamed as (
    select
        *,
        (
            select max(earlier.report_year) from duties as earlier
            where earlier.unit_uid = periods.unit_uid and earlier.duty_code = periods.duty_code
                and earlier.report_year < periods.report_year
        ) as last_reported_year
    from periods
    where
        periods.first_year is not null
        -- not reported this year, nor reported done in the years before
        and not exists (
            select 1 from duties
            where
                duties.unit_uid = periods.unit_uid
                and duties.duty_code = periods.duty_code
                and duties.report_year between periods.first_year and periods.report_year
                and (duties.report_year = periods.report_year or duties.duty_status in ('done', 'continuous'))
        )
)

{{ contracted('renamed') }}
