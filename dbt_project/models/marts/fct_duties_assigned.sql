with

-- years with reports alone: of others nobody can have reported
assigned as (
    select * from {{ ref('int_duties_assigned') }}
    where report_year in (select report_years.report_year from {{ ref('int_years_reported') }} as report_years)
),

frequencies as (
    select * from {{ ref('duty_frequencies') }}
),

duties as (
    select * from {{ ref('fct_duties') }}
),

joined as (
    select
        assigned.*,
        frequencies.name_vi as frequency_vi,
        duties.duty_code is not null as is_reported,
        duties.duty_status
    from assigned
    left join frequencies on assigned.frequency = frequencies.frequency
    left join duties
        on
            assigned.report_year = duties.report_year
            and assigned.unit_uid = duties.unit_uid
            and assigned.duty_code = duties.duty_code
)

{{ contracted('joined') }}
