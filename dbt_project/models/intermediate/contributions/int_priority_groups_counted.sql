with

priority_groups as (
    select
        *,
        jsonb_build_object('priority_group', priority_group) as attributes
    from {{ ref('int_priority_groups_reported') }}
    where is_programme_ground
),

counted as (
    {{ for_unit_and_province('priority_groups') }}
),

{{ contributions_by_rule('priority_groups', 'counted', ['submission_id', 'row_number', 'attributes']) }}
