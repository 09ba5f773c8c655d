with

funding as (
    select * from {{ ref('int_funding_current') }}
    where is_programme_ground
),

credit_sources as (
    select * from {{ ref('code_lists') }}
    where code_list = 'funding_sources' and {{ holds('flags', "'credit'") }}
),

reporters as (
    select * from {{ ref('measure_reporters') }}
),

-- funds are not loans: the sources of credit have figures of their own
answered as (
    select
        parts.indicator_code,
        parts.measure_code,
        funding.report_year,
        funding.unit_uid,
        funding.reporting_unit_code,
        funding.submission_id,
        funding.row_number,
        parts.field_code,
        parts.contribution,
        funding.funding_source
    from funding
    left join credit_sources on funding.funding_source = credit_sources.code
    cross join lateral (
        values
        ('C23', 'planned', 'planned', case when credit_sources.code is null then planned_million_vnd end),
        ('C23', 'allocated', 'allocated', case when credit_sources.code is null then allocated_million_vnd end),
        ('C23', 'disbursed', 'disbursed', case when credit_sources.code is null then disbursed_million_vnd end),
        ('C24', 'borrowers', 'borrowers', case when credit_sources.code is not null then borrowers end),
        ('C24', 'outstanding_loans', 'outstanding_loans', case when credit_sources.code is not null then outstanding_loans_million_vnd end)
    ) as parts (indicator_code, measure_code, field_code, contribution)
    where parts.contribution is not null
),

-- where a figure has its reporters, what others say of it does not count
asked as (
    select answered.*
    from answered
    where
        not exists (
            select 1 from reporters
            where reporters.indicator_code = answered.indicator_code and reporters.measure_code = answered.measure_code
        )
        or exists (
            select 1 from reporters
            where
                reporters.indicator_code = answered.indicator_code
                and reporters.measure_code = answered.measure_code
                and reporters.reporter = answered.reporting_unit_code
        )
),

counted as (
    {{ for_unit_and_province('asked') }}
)

select
    indicator_code,
    measure_code,
    report_year,
    counted_for,
    'numerator' as part,
    submission_id,
    row_number,
    field_code,
    contribution,
    jsonb_build_object('funding_source', funding_source) as attributes
from counted
