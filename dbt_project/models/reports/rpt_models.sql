with

codes as (
    select * from {{ ref('dim_codes') }}
),

-- what the plan calls a model is a flag of the code list
actions as (
    select support_actions.*
    from {{ ref('fct_support_actions') }} as support_actions
    inner join codes as support_kinds
        on support_actions.support_kind = support_kinds.code and support_kinds.code_list = 'support_kinds'
    where support_kinds.flags ~ '\mC08\M' and support_actions.is_programme_ground
),

names as (
    (select distinct on (registration_number)
        'cooperative' as organisation_kind,
        registration_number as organisation_id,
        cooperative_name as organisation_name
    from {{ ref('dim_cooperatives') }}
    order by registration_number, valid_from desc)

    union all

    (select distinct on (group_code)
        'group',
        group_code,
        group_name
    from {{ ref('dim_cooperative_groups') }}
    order by group_code, valid_from desc)
),

submissions as (
    select * from {{ ref('fct_submissions') }}
),

joined as (
    select
        actions.*,
        units.unit_name_vi,
        {{ label_of('organisation_kinds', 'actions.organisation_kind') }} as organisation_kind_name_vi,
        names.organisation_name,
        {{ label_of('agencies', 'actions.supporting_agency') }} as supporting_agency_name_vi,
        {{ label_of('funding_sources', 'actions.funding_source') }} as funding_source_name_vi,
        submissions.file_name
    from actions
    left join names using (organisation_kind, organisation_id)
    left join submissions on actions.submission_id = submissions.submission_id
    left join {{ ref('dim_reporting_units') }} as units on actions.unit_uid = units.unit_uid
)

{{ contracted('joined') }}
