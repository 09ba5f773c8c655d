with

comparisons as (
    select * from {{ ref('int_registry_snapshots_paired') }}
),

last_year as (
    select * from {{ ref('int_registry_compared') }}
    where side = 'last_year'
),

this_year as (
    select * from {{ ref('int_registry_compared') }}
    where side = 'this_year'
),

beside as (
    select
        report_year,
        registration_number,
        last_year.registration_number is not null as was_known,
        this_year.registration_number is not null as is_known,
        coalesce(last_year.counts, false) as did_count,
        coalesce(this_year.counts, false) as does_count,
        coalesce(last_year.status = 'dissolved', false) as was_dissolved,
        coalesce(this_year.status = 'dissolved', false) as is_dissolved,
        this_year.registered_on,
        last_year.unit_uid as last_unit_uid,
        this_year.unit_uid
    from last_year
    full join this_year using (report_year, registration_number)
),

-- new: registered after the day that the earlier snapshot describes; an entry with an
-- older date, or one that is back after it was dissolved, is unexplained
explained as (
    select
        beside.*,
        not did_count and not was_known and coalesce(registered_on > comparisons.last_speaks_of, false) as is_new,
        not did_count and was_known and not was_dissolved as is_newly_women_managed,
        comparisons.last_snapshot_id is not null as has_last_year
    from beside
    inner join comparisons using (report_year)
)

select
    explained.report_year,
    explained.registration_number,
    terms.term,
    terms.unit_uid
from explained
cross join lateral (
    values
    ('last_year', explained.last_unit_uid, did_count),
    ('new', explained.unit_uid, does_count and is_new),
    ('dissolved', explained.last_unit_uid, did_count and not does_count and is_dissolved),
    ('moved_away', explained.last_unit_uid, did_count and does_count and explained.last_unit_uid <> explained.unit_uid),
    ('moved_in', explained.unit_uid, did_count and does_count and explained.last_unit_uid <> explained.unit_uid),
    ('no_longer_women_managed', explained.last_unit_uid, did_count and not does_count and is_known and not is_dissolved),
    ('newly_women_managed', explained.unit_uid, does_count and is_newly_women_managed),
    ('unexplained_gone', explained.last_unit_uid, did_count and not is_known),
    ('unexplained_found', explained.unit_uid, does_count and not did_count and not is_new and not is_newly_women_managed),
    ('this_year', explained.unit_uid, does_count)
) as terms (term, unit_uid, is_so)
where terms.is_so and (explained.has_last_year or terms.term = 'this_year')
