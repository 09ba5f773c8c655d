with

credit_sources as (
    select * from {{ ref('code_lists') }}
    where code_list = 'funding_sources' and {{ holds('flags', "'credit'") }}
),

-- funds are not loans: the sources of credit have figures of their own
funding as (
    select
        funding.*,
        jsonb_build_object('funding_source', funding.funding_source) as attributes,
        credit_sources.code is not null as is_credit
    from {{ ref('int_funding_reported') }} as funding
    left join credit_sources on funding.funding_source = credit_sources.code
    where funding.is_programme_ground
),

counted as (
    {{ for_unit_and_province('funding') }}
),

answered as (
    with
    {{ contributions_by_rule(
        'money', 'counted', ['submission_id', 'row_number', 'attributes', 'reporting_unit_code']
    ) | indent(4) }}
),

reporters as (
    select
        indicator_code,
        measure_code,
        array_agg(reporter) as reporters
    from {{ ref('measure_reporters') }}
    group by indicator_code, measure_code
)

-- where a figure has its reporters, what others report of it does not count
select answered.*
from answered
left join reporters using (indicator_code, measure_code)
where reporters.reporters is null or answered.reporting_unit_code = any(reporters.reporters)
