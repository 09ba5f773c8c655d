with

assignments as (
    select * from {{ ref('duty_assignments') }}
),

roster_units as (
    select distinct
        unit_uid,
        unit_kind,
        reporting_unit_code
    from {{ ref('int_units_rostered') }}
)

-- the plan gives the duties of a level to its People's Committees
select distinct
    roster_units.unit_uid,
    assignments.duty_code,
    assignments.frequency
from roster_units
inner join assignments
    on
        assignments.body = case roster_units.unit_kind
            when 'district' then 'PC-D'
            when 'commune' then 'PC-C'
            else roster_units.reporting_unit_code
        end
