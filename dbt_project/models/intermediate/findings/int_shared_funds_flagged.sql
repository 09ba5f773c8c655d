with

reporters as (
    select distinct reporter from {{ ref('measure_reporters') }}
    where precedence is not null
),

sources as (
    select * from {{ ref('code_lists') }}
    where code_list = 'funding_sources' and not {{ holds('flags', "'credit'") }}
),

funding as (
    select funding.*
    from {{ ref('int_funding_reported') }} as funding
    inner join reporters on funding.reporting_unit_code = reporters.reporter
    where funding.is_programme_ground
),

units as (
    select * from {{ ref('int_units_named') }}
)

select
    'X05' as rule_code,
    funding.submission_id,
    '07_KINH_PHI' as sheet_code,
    funding.row_number,
    'funding_source' as field_code,
    sources.label_vi as value,
    null::text as expected,
    string_agg(units.unit_name_vi, '; ' order by others.unit_uid) as other_unit,
    funding.report_year
from funding
inner join sources on funding.funding_source = sources.code
inner join funding as others
    on
        funding.report_year = others.report_year
        and funding.funding_source = others.funding_source
        and funding.unit_uid <> others.unit_uid
inner join units on others.unit_uid = units.unit_uid
group by funding.submission_id, funding.row_number, sources.label_vi, funding.report_year
