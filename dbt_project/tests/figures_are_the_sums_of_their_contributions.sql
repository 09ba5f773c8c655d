-- htx explain lists all of a figure: every figure, on every map and in every breakdown, is the sum of its evidence, and
-- no evidence is without a figure.
{%- set key = 'indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis' %}
with

figures as (
    select
        shown.*,
        measures.aggregation
    from {{ ref('fct_indicator_values') }} as shown
    inner join {{ ref('measures') }} as measures
        on shown.indicator_code = measures.indicator_code and shown.measure_code = measures.measure_code
    where shown.value_status in ('reported', 'estimated', 'nil')
),

evidence as (
    select
        {{ key }},
        part,
        contribution
    from {{ ref('fct_indicator_evidence') }}

    union all

    select
        evidence.indicator_code,
        evidence.measure_code,
        breakdowns.breakdown,
        coalesce(evidence.attributes ->> breakdowns.breakdown, 'not_stated') as breakdown_code,
        evidence.report_year,
        evidence.unit_uid,
        evidence.basis,
        evidence.part,
        evidence.contribution
    from {{ ref('fct_indicator_evidence') }} as evidence
    inner join {{ ref('measure_breakdowns') }} as breakdowns
        on
            evidence.indicator_code = breakdowns.indicator_code
            and evidence.measure_code = breakdowns.measure_code
            and evidence.attributes ? breakdowns.breakdown
    where evidence.breakdown = 'total'
),

summed as (
    select
        {{ key }},
        sum(case when part = 'numerator' then contribution else 0 end) as numerator,
        sum(case when part = 'denominator' then contribution else 0 end) as denominator
    from evidence
    group by {{ key }}
)

select
    {{ key }},
    figures.value_status,
    figures.numerator,
    summed.numerator as summed_numerator,
    figures.denominator,
    summed.denominator as summed_denominator,
    figures.value
from figures
full join summed using ({{ key }})
where
    figures.value_status is null
    or figures.numerator is distinct from coalesce(summed.numerator, 0)
    or coalesce(figures.denominator, 0) <> coalesce(summed.denominator, 0)
    or (figures.denominator is null) <> (figures.aggregation = 'sum')
    or figures.value is distinct from trim_scale(case
        when figures.aggregation = 'sum' then figures.numerator
        when figures.denominator <> 0
            then case when figures.aggregation = 'percent' then 100 else 1 end * figures.numerator / figures.denominator
    end)
