with

-- contributions of the same place and dimensions are one row, to be placed and broken down once
contributions as (
    select
        indicator_code,
        measure_code,
        breakdown,
        breakdown_code,
        report_year,
        unit_uid,
        places,
        part,
        attributes,
        sum(contribution) as contribution,
        bool_or(is_estimated) as is_estimated
    from {{ ref('int_contributions_located') }}
    group by indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, places, part, attributes
),

on_every_basis as (
    select
        located.basis,
        located.place_uid as unit_uid,
        contributions.indicator_code,
        contributions.measure_code,
        contributions.breakdown,
        contributions.breakdown_code,
        contributions.report_year,
        contributions.part,
        contributions.contribution,
        contributions.is_estimated,
        contributions.attributes
    from contributions
    cross join lateral (
        select
            'as_reported' as basis,
            contributions.unit_uid as place_uid
        union all
        select
            places.key as basis,
            places.value as place_uid
        from jsonb_each_text(contributions.places) as places
    ) as located
),

-- besides the total, once for each dimension by which the measure is broken down
broken_down as (
    select * from on_every_basis

    union all

    select
        on_every_basis.basis,
        on_every_basis.unit_uid,
        on_every_basis.indicator_code,
        on_every_basis.measure_code,
        breakdowns.breakdown,
        coalesce(on_every_basis.attributes ->> breakdowns.breakdown, 'not_stated') as breakdown_code,
        on_every_basis.report_year,
        on_every_basis.part,
        on_every_basis.contribution,
        on_every_basis.is_estimated,
        on_every_basis.attributes
    from on_every_basis
    inner join {{ ref('measure_breakdowns') }} as breakdowns
        on
            on_every_basis.indicator_code = breakdowns.indicator_code
            and on_every_basis.measure_code = breakdowns.measure_code
            and on_every_basis.attributes ? breakdowns.breakdown
)

select
    indicator_code,
    measure_code,
    breakdown,
    breakdown_code,
    report_year,
    unit_uid,
    basis,
    coalesce(sum(contribution) filter (where part = 'numerator'), 0) as numerator,
    coalesce(sum(contribution) filter (where part = 'denominator'), 0) as denominator,
    bool_or(is_estimated) as is_estimated
from broken_down
group by indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis
