-- No accepted row is lost: each row of a yearly report in force is in the facts of its list, or was replaced by a row with
-- the same key. (What was superseded as a whole is kept in raw.)
{%- set facts = {
    '01_HTX': 'fct_cooperative_years', '02_THT': 'fct_group_years', '03_HO_TRO': 'fct_support_actions',
    '04_DAO_TAO': 'fct_courses', '05_CAN_BO_HOI': 'fct_union_officers', '06_NO': 'fct_debts',
    '07_KINH_PHI': 'fct_funding', '08_HOAT_DONG': 'fct_duties', '09_UU_TIEN': 'fct_priority_groups',
} %}
with

keys as (
    select distinct
        sheet_code,
        field_code
    from {{ ref('form_fields') }}
    where measure = 'key'
),

-- the form's key of each row; of a group, its identity instead
rows_in_force as (
    select
        submissions.report_year,
        submissions.unit_uid,
        sheet_rows.sheet_code,
        sheet_rows.submission_id,
        sheet_rows.row_number,
        coalesce(
            groups.group_code,
            (
                select string_agg(keys.field_code || '=' || (sheet_rows.read_values ->> keys.field_code), '|' order by keys.field_code)
                from keys
                where keys.sheet_code = sheet_rows.sheet_code
            )
        ) as row_key
    from {{ ref('stg_submissions__sheet_rows') }} as sheet_rows
    inner join {{ ref('int_submissions_ordered') }} as submissions
        on sheet_rows.submission_id = submissions.submission_id and submissions.is_in_force
    left join {{ ref('int_groups_identified') }} as groups
        on
            sheet_rows.sheet_code = '02_THT'
            and sheet_rows.submission_id = groups.submission_id
            and sheet_rows.row_number = groups.row_number
    where
        sheet_rows.sheet_code in ({% for sheet in facts %}'{{ sheet }}'{{ ', ' if not loop.last }}{% endfor %})
),

facts as (
    {%- for sheet, model in facts.items() %}
    select
        '{{ sheet }}' as sheet_code,
        submission_id,
        row_number
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

in_the_facts as (
    select rows_in_force.*
    from rows_in_force
    inner join facts
        on
            rows_in_force.sheet_code = facts.sheet_code
            and rows_in_force.submission_id = facts.submission_id
            and rows_in_force.row_number = facts.row_number
)

select
    rows_in_force.report_year,
    rows_in_force.unit_uid,
    rows_in_force.sheet_code,
    rows_in_force.submission_id,
    rows_in_force.row_number
from rows_in_force
left join in_the_facts
    on
        rows_in_force.report_year = in_the_facts.report_year
        and rows_in_force.unit_uid = in_the_facts.unit_uid
        and rows_in_force.sheet_code = in_the_facts.sheet_code
        and rows_in_force.row_key = in_the_facts.row_key
where in_the_facts.row_key is null
