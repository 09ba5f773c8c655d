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

published as (
    select
        parts.indicator_code,
        report_years.report_year,
        'numerator' as part,
        null as reporting_unit_uid,
        null as unit_kind,
        null::text as submission_id,
        parts.publication_id,
        1 as contribution
    from report_years
    cross join lateral (
        values
        ('T17', (
            select sent.publication_id from sent
            where sent.kind = 'annual' and sent.report_year = report_years.report_year
                and sent.sent_at < report_years.province_due_at
            order by sent.sent_at, sent.publication_id limit 1
        )),
        ('T18', (
            select sent.publication_id from sent
            where sent.kind = 'phase_review' and sent.phase = {{ first_phase() }}
            order by sent.sent_at, sent.publication_id limit 1
        ))
    ) as parts (indicator_code, publication_id)
    where parts.publication_id is not null
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
