with

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

report_years as (
    select * from {{ ref('int_years_reported') }}
),

-- a report counts once it was sent
sent as (
    select
        publications.*,
        sendings.sent_at
    from {{ ref('stg_publications__publications') }} as publications
    inner join {{ ref('stg_publications__sendings') }} as sendings
        on publications.publication_id = sendings.publication_id
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

-- the first sending decides: of a year's report before its date or after it, of the review at the last year of its phase
published as (
    select distinct on (indicator_code, report_years.report_year)
        case when sent.kind = 'annual' then 'T17' else 'T18' end as indicator_code,
        report_years.report_year,
        'numerator' as part,
        null as reporting_unit_uid,
        null as unit_kind,
        null::text as submission_id,
        sent.publication_id,
        (sent.kind = 'phase_review' or sent.sent_at < report_years.province_due_at)::integer as contribution
    from sent
    left join {{ ref('phases') }} as phases on sent.kind = 'phase_review' and sent.phase = phases.phase
    inner join report_years
        on report_years.report_year = case when sent.kind = 'annual' then sent.report_year else extract(year from phases.ends_on) end
    order by indicator_code, report_years.report_year, sent.sent_at, sent.publication_id
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
