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

codes as (
    select * from {{ ref('dim_codes') }}
),

-- the list that a changed value is a code of
listed as (
    select
        *,
        case changed_column
            when 'value_status' then 'value_statuses'
            when 'verdict' then 'verdicts'
            when 'comparator' then 'comparators'
        end as code_list,
        case changed_column when 'target_year' then 'year' else 'number' end as value_type
    from changes
),

joined as (
    select
        changes.*,
        breakdown_codes.breakdown_name_vi,
        breakdown_codes.breakdown_name_en,
        breakdown_codes.breakdown_code_name_vi as breakdown_code_vi,
        breakdown_codes.breakdown_code_name_en as breakdown_code_en,
        maps.map_name_vi,
        changed_columns.label_vi as changed_column_vi,
        changed_columns.label_en as changed_column_en,
        definitions.indicator_name_vi,
        definitions.indicator_name_en,
        definitions.measure_name_vi,
        definitions.measure_name_en,
        units.unit_name_vi,
        {{ as_written('changes.old_value', 'changes.value_type', 'old_codes.label_vi') }} as old_value_vi,
        coalesce(old_codes.label_en, changes.old_value) as old_value_en,
        {{ as_written('changes.new_value', 'changes.value_type', 'new_codes.label_vi') }} as new_value_vi,
        coalesce(new_codes.label_en, changes.new_value) as new_value_en,
        {{ label_of('change_reasons', 'changes.reason') }} as reason_vi,
        {{ label_of('change_reasons', 'changes.reason', 'label_en') }} as reason_en
    from listed as changes
    inner join definitions using (indicator_code, measure_code)
    left join units on changes.unit_uid = units.unit_uid
    left join {{ ref('dim_breakdown_codes') }} as breakdown_codes using (breakdown, breakdown_code)
    left join {{ ref('bi_maps') }} as maps on changes.basis = maps.basis
    left join codes as changed_columns
        on changes.changed_column = changed_columns.code and changed_columns.code_list = 'changed_columns'
    left join codes as old_codes
        on changes.old_value = old_codes.code and changes.code_list = old_codes.code_list
    left join codes as new_codes
        on changes.new_value = new_codes.code and changes.code_list = new_codes.code_list
)

{{ contracted('joined') }}
