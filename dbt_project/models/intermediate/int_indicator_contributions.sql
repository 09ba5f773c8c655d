with

unioned as (
    {%- set lists = {
        'int_contributions_cooperatives': ('submission', '01_HTX'),
        'int_contributions_new_jobs': ('submission', '01_HTX'),
        'int_contributions_groups': ('submission', '02_THT'),
        'int_contributions_courses': ('submission', '04_DAO_TAO'),
        'int_contributions_officers': ('submission', '05_CAN_BO_HOI'),
        'int_contributions_duties': ('submission', '08_HOAT_DONG'),
        'int_contributions_calendar': ('calendar', none),
    } %}
    {%- for model, (source, sheet_code) in lists.items() %}
    select
        indicator_code,
        report_year,
        counted_for,
        part,
        '{{ source }}' as source,
        submission_id,
        {% if sheet_code %}'{{ sheet_code }}'{% else %}null{% endif %}::text as sheet_code,
        row_number,
        field_code,
        contribution
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    indicator_code,
    'value' as measure_code,
    report_year,
    counted_for as unit_uid,
    part,
    source,
    submission_id,
    sheet_code,
    row_number,
    field_code,
    contribution
from unioned
