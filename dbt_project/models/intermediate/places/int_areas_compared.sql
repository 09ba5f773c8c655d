with recursive

roster_units as (
    select * from {{ ref('int_units_rostered') }}
),

placed as (
    select * from {{ ref('int_communes_placed') }}
),

-- the communes of whatever time in which a unit of a year's roster lies
grounds as (
    select distinct
        roster_units.report_year,
        roster_units.unit_uid,
        placed.commune_uid
    from roster_units
    inner join placed on roster_units.unit_uid = placed.unit_uid
    where roster_units.is_territorial
),

-- units of the year before and of the year on the same ground, in both directions
overlapping as (
    select
        later.report_year,
        earlier.unit_uid,
        later.unit_uid as other_uid
    from grounds as earlier
    inner join grounds as later
        on earlier.report_year + 1 = later.report_year and earlier.commune_uid = later.commune_uid

    union

    select
        later.report_year,
        later.unit_uid,
        earlier.unit_uid as other_uid
    from grounds as earlier
    inner join grounds as later
        on earlier.report_year + 1 = later.report_year and earlier.commune_uid = later.commune_uid
),

joined as (
    select * from overlapping

    union

    select
        joined.report_year,
        joined.unit_uid,
        overlapping.other_uid
    from joined
    inner join overlapping on joined.report_year = overlapping.report_year and joined.other_uid = overlapping.unit_uid
)

-- all units that overlap one another, directly or through others, are one area, named after one of them
select
    report_year,
    unit_uid,
    min(other_uid) as area_uid,
    count(*) > 1 as has_changed
from joined
group by report_year, unit_uid

union all

-- an agency is itself; one of the year alone, or of the year before alone, has nothing to be compared with
select distinct
    years.report_year,
    agencies.unit_uid,
    agencies.unit_uid as area_uid,
    false as has_changed
from roster_units as years
inner join roster_units as agencies on agencies.report_year between years.report_year - 1 and years.report_year
where
    not agencies.is_territorial
    and exists (select 1 from roster_units as earlier where earlier.report_year = years.report_year - 1)
