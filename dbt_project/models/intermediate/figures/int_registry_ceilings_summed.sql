with

registered as (
    select * from {{ ref('int_registry_organisations_assessed') }}
),

contributions as (
    select * from {{ ref('int_contributions_combined') }}
    where unit_uid = 'province' and breakdown = 'total' and indicator_code in ('T03', 'T04', 'T08')
),

known_jobs as (
    select
        registration_number as organisation_id,
        report_year,
        women_stable_jobs
    from {{ ref('int_cooperatives_qualified') }}
    where counts_for_province

    union all

    select
        group_code as organisation_id,
        report_year,
        women_stable_jobs
    from {{ ref('int_groups_reported') }}
    where counts_for_province and is_programme_ground
),

-- the organisations that a unit's report could bring into a count, and with them into the sum over what is counted
let_in as (
    select
        registered.report_year,
        registered.unit_uid,
        registered.registration_number,
        figures.counted_in,
        figures.summed_in
    from registered
    inner join lateral (
        values
        ('T01', 'T03', registered.is_women_managed),
        ('T02', 'T04', registered.is_group and registered.union_founded),
        ('T07', 'T08', registered.is_women_managed and registered.is_founded_under_plan)
    ) as figures (counted_in, summed_in, is_let_in) on figures.is_let_in
),

most_jobs as (
    select distinct on (indicator_code, report_year)
        indicator_code as summed_in,
        report_year,
        sum(contribution) as jobs
    from contributions
    group by indicator_code, report_year, organisation_id
    order by indicator_code, report_year, jobs desc nulls last
),

-- jobs known by the year; of those founded under the plan new ones count, which nobody knows
last_known as (
    select distinct on (let_in.summed_in, let_in.report_year, let_in.registration_number)
        let_in.summed_in,
        let_in.report_year,
        let_in.registration_number,
        known_jobs.women_stable_jobs as jobs
    from let_in
    inner join known_jobs
        on let_in.registration_number = known_jobs.organisation_id and let_in.report_year >= known_jobs.report_year
    where let_in.summed_in <> 'T08'
    order by let_in.summed_in, let_in.report_year, let_in.registration_number, known_jobs.report_year desc
),

-- where none are known, as many as any other has
brought as (
    select
        let_in.*,
        coalesce(last_known.jobs, most_jobs.jobs) as jobs
    from let_in
    left join last_known using (summed_in, report_year, registration_number)
    left join most_jobs using (summed_in, report_year)
)

select report_year, unit_uid, counted_in as indicator_code, count(*)::numeric as most, true as is_certain from brought
group by report_year, unit_uid, counted_in
union all
select report_year, unit_uid, summed_in, case when count(*) = count(jobs) then sum(jobs) end, false from brought
group by report_year, unit_uid, summed_in
