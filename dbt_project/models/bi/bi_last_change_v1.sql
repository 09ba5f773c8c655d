with

-- nothing of priority groups: disclosure control (docs/disclosure-control.md) is about their own table alone
definitions as (
    select * from {{ ref('bi_definitions') }}
    where shown_in <> 'priority_groups'
),

changes as (
    select distinct on (
        indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis, changed_column
    ) *
    from {{ ref('fct_published_changes') }}
    order by
        indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis, changed_column,
        published_at desc, publication_id desc
),

units as (
    select * from {{ ref('bi_units') }}
),

joined as (
    select
        changes.*,
        definitions.indicator_name_vi,
        definitions.indicator_name_en,
        definitions.measure_name_vi,
        definitions.measure_name_en,
        units.unit_name_vi,
        {{ label_of('change_reasons', 'changes.reason') }} as reason_vi,
        {{ label_of('change_reasons', 'changes.reason', 'label_en') }} as reason_en
    from changes
    inner join definitions using (indicator_code, measure_code)
    left join units on changes.unit_uid = units.unit_uid
)

{{ contracted('joined') }}
