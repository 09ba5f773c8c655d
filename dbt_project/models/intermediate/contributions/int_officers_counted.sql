with

-- heads of branches are officers only by decision A21
officers as (
    select
        *,
        jsonb_build_object('union_level', union_level) as attributes
    from {{ ref('int_union_officers_reported') }}
    where
        is_programme_ground
        and (union_level <> 'branch' or {{ decision('branch_heads_are_officers', 'report_year') }} = 'yes')
),

counted as (
    {{ for_unit_and_province('officers') }}
),

{{ contributions_by_rule('officers', 'counted', ['submission_id', 'row_number', 'attributes']) }}
