with

actions as (
    select * from {{ ref('int_support_actions_resolved') }}
),

support_kinds as (
    select * from {{ ref('code_lists') }}
    where code_list = 'support_kinds'
),

founded as (
    select
        organisation_id,
        min(founded_on) as founded_on
    from {{ ref('int_organisations_reported') }}
    group by organisation_id
),

registry_facts as (
    select * from {{ ref('int_registry_organisations_deduplicated') }}
),

unknown as (
    select
        'S03' as rule_code,
        actions.submission_id,
        actions.row_number,
        'organisation_code' as field_code,
        actions.organisation_code as value,
        case
            when suggested.likely is null then {{ finding_words('no_similar_name') }}
            else replace({{ finding_words('likely_recipients') }}, '{likely}', suggested.likely)
        end as expected,
        actions.report_year
    from actions
    left join {{ ref('int_recipients_suggested') }} as suggested
        on actions.submission_id = suggested.submission_id and actions.row_number = suggested.row_number
    where actions.organisation_id is null
),

-- advice on founding that comes more than a year after the founding
too_late as (
    select
        'S04' as rule_code,
        actions.submission_id,
        actions.row_number,
        'support_kind' as field_code,
        actions.started_on::text as value,
        coalesce(registry_facts.registered_on, founded.founded_on)::text as expected,
        actions.report_year
    from actions
    inner join support_kinds on actions.support_kind = support_kinds.code
    left join founded on actions.organisation_id = founded.organisation_id
    left join registry_facts on actions.organisation_id = registry_facts.registration_number
    where
        {{ holds('support_kinds.flags', "'T07'") }}
        and actions.started_on > coalesce(registry_facts.registered_on, founded.founded_on) + interval '12 months'
),

unioned as (
    select * from unknown
    union all
    select * from too_late
)

select
    rule_code,
    submission_id,
    '03_HO_TRO' as sheet_code,
    row_number,
    field_code,
    value,
    expected,
    null::text as other_unit,
    report_year
from unioned
