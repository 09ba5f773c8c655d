with

credit_sources as (
    select * from {{ ref('code_lists') }}
    where code_list = 'funding_sources' and {{ holds('flags', "'credit'") }}
),

ranked_reporters as (
    select distinct
        reporter,
        precedence
    from {{ ref('measure_reporters') }}
    where precedence is not null
),

-- funds are not loans: the sources of credit have figures of their own; what is planned, allocated and disbursed of a
-- source in a year comes from one reporter, so that a rate is a rate
funding as (
    select
        funding.*,
        jsonb_build_object('funding_source', funding.funding_source) as attributes,
        credit_sources.code is not null as is_credit,
        ranked_reporters.precedence is not distinct from min(ranked_reporters.precedence) over (
            partition by funding.report_year, funding.funding_source
        ) or ranked_reporters.precedence is null as counts_for_province
    from {{ ref('int_funding_reported') }} as funding
    left join credit_sources on funding.funding_source = credit_sources.code
    left join ranked_reporters on funding.reporting_unit_code = ranked_reporters.reporter
    where funding.is_programme_ground
),

counted as (
    {{ for_unit_and_province('funding', 'counts_for_province') }}
),

answered as (
    with
    {{ contributions_by_rule(
        'money', 'counted', ['submission_id', 'row_number', 'attributes', 'reporting_unit_code']
    ) | indent(4) }}
),

reporters as (
    {{ reporters_by_measure() }}
)

-- where a figure has its reporters, what others report of it does not count
select answered.*
from answered
left join reporters using (indicator_code, measure_code)
where {{ is_reporter(['answered.reporting_unit_code']) }}
