with

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

-- a report counts once it was issued
issued as (
    select
        publications.*,
        issues.issued_at
    from {{ ref('stg_publications__publications') }} as publications
    inner join {{ ref('stg_publications__issues') }} as issues
        on publications.publication_id = issues.publication_id
),

punctual as (
    select
        'T16' as indicator_code,
        unit_years.report_year,
        parts.part,
        unit_years.unit_uid as reporting_unit_uid,
        unit_years.unit_kind,
        unit_years.first_submission_id as submission_id,
        null as publication_id,
        parts.contribution
    from unit_years
    cross join lateral (
        values ('numerator', case when unit_years.is_on_time then 1 end), ('denominator', 1)
    ) as parts (part, contribution)
    where unit_years.is_mandatory and parts.contribution is not null
),

-- the first issue decides: of a year's report before its date or after it, of the review at the last year of its phase
published as (
    select distinct on (indicator_code, report_years.report_year)
        case when issued.kind = 'annual' then 'T17' else 'T18' end as indicator_code,
        report_years.report_year,
        'numerator' as part,
        null as reporting_unit_uid,
        null as unit_kind,
        null::text as submission_id,
        issued.publication_id,
        (issued.kind = 'phase_review' or issued.issued_at < report_years.province_due_at)::integer as contribution
    from issued
    left join {{ ref('phases') }} as phases on issued.kind = 'phase_review' and issued.phase = phases.phase
    inner join report_years
        on report_years.report_year = case when issued.kind = 'annual' then issued.report_year else extract(year from phases.ends_on) end
    order by indicator_code, report_years.report_year, issued.issued_at, issued.publication_id
),

unioned as (
    select * from punctual
    union all
    select * from published
)

select
    indicator_code,
    report_year,
    'province' as counted_for,
    part,
    submission_id,
    publication_id,
    contribution::numeric as contribution,
    reporting_unit_uid,
    jsonb_build_object('unit_kind', unit_kind) as attributes
from unioned
