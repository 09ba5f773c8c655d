{%- set lists = [
    ('int_cooperatives_counted', '01_HTX', ['measure', 'organisation', 'attributes']),
    ('int_cooperative_changes_counted', '01_HTX', ['measure', 'breakdown', 'organisation']),
    ('int_failing_cooperatives_counted', '01_HTX', ['measure', 'organisation']),
    ('int_new_jobs_counted', '01_HTX', ['organisation']),
    ('int_job_gains_counted', 'its own', ['measure', 'organisation']),
    ('int_groups_counted', '02_THT', ['measure', 'organisation', 'attributes']),
    ('int_group_stocks_counted', '02_THT', ['measure', 'organisation']),
    ('int_conversions_counted', 'its own', ['measure', 'organisation']),
    ('int_pilot_models_counted', '03_HO_TRO', ['measure', 'organisation', 'reporting_unit']),
    ('int_courses_counted', '04_DAO_TAO', ['measure', 'attributes']),
    ('int_officers_counted', '05_CAN_BO_HOI', ['measure', 'attributes']),
    ('int_debts_counted', '06_NO', ['measure', 'organisation', 'attributes']),
    ('int_money_counted', '07_KINH_PHI', ['measure', 'attributes']),
    ('int_duties_counted', '08_HOAT_DONG', ['measure']),
    ('int_lasting_duties_counted', '08_HOAT_DONG', ['measure']),
    ('int_honours_counted', '08_HOAT_DONG', []),
    ('int_priority_groups_counted', '09_UU_TIEN', ['measure', 'attributes']),
    ('int_registry_counted', 'registry', ['measure', 'organisation']),
    ('int_deadlines_counted', 'calendar', ['attributes', 'reporting_unit']),
    ('int_expected_plans_counted', 'calendar', ['measure', 'reporting_unit']),
] -%}
with

unioned as (
    {%- for model, sheet, has in lists %}
    {%- set is_submitted = sheet not in ('registry', 'calendar') %}
    select
        indicator_code,
        {{ 'measure_code' if 'measure' in has else "'value'" }} as measure_code,
        {{ 'breakdown' if 'breakdown' in has else "'total'" }} as breakdown,
        {{ 'breakdown_code' if 'breakdown' in has else "'total'" }} as breakdown_code,
        report_year,
        counted_for as unit_uid,
        part,
        '{{ 'submission' if is_submitted else sheet }}' as source,
        {{ 'null' if sheet == 'registry' or model == 'int_expected_plans_counted' else 'submission_id' }}::text as submission_id,
        {{ 'snapshot_id' if sheet == 'registry' else 'null' }}::text as snapshot_id,
        {{ 'publication_id' if model == 'int_deadlines_counted' else 'null' }}::text as publication_id,
        {{ 'sheet_code' if sheet == 'its own' else "'" ~ sheet ~ "'" if is_submitted else 'null' }}::text as sheet_code,
        {{ 'row_number' if is_submitted else 'null' }}::integer as row_number,
        {{ 'null' if sheet == 'calendar' else 'field_code' }}::text as field_code,
        contribution,
        {{ 'organisation_id' if 'organisation' in has else 'null' }}::text as organisation_id,
        {{ 'commune_uid' if 'organisation' in has else 'null' }}::text as commune_uid,
        {{ 'reporting_unit_uid' if 'reporting_unit' in has else 'null' }}::text as own_unit_uid,
        {{ 'attributes' if 'attributes' in has else 'null' }}::jsonb as attributes
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

submissions as (
    select * from {{ ref('int_submissions_ordered') }}
)

select
    unioned.*,
    coalesce(submissions.unit_uid, unioned.own_unit_uid) as reporting_unit_uid,
    coalesce(submissions.value_kind = 'estimate', false) as is_estimated
from unioned
left join submissions on unioned.submission_id = submissions.submission_id
