with

thresholds as (
    select * from {{ ref('running_totals') }}
),

sheet_rows as (
    select * from {{ ref('stg_submissions__sheet_rows') }}
),

-- a debt, a source of funds, a duty, a group of people: one thing from year to year within its unit
list_rows as (
    {%- for model, sheet_code, thing in [
        ('int_debts_reported', '06_NO', "concat_ws(' ', registration_number, debt_kind)"),
        ('int_funding_reported', '07_KINH_PHI', 'funding_source'),
        ('int_duties_reported', '08_HOAT_DONG', 'duty_code'),
        ('int_priority_groups_reported', '09_UU_TIEN', 'priority_group'),
    ] %}
    select
        report_year,
        '{{ sheet_code }}' as sheet_code,
        concat_ws(' ', unit_uid, {{ thing }}) as thing,
        submission_id,
        row_number
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

list_values as (
    select
        list_rows.*,
        thresholds.field_code,
        (sheet_rows.read_values ->> thresholds.field_code)::numeric as value
    from list_rows
    inner join thresholds on list_rows.sheet_code = thresholds.sheet_code
    inner join sheet_rows
        on
            list_rows.submission_id = sheet_rows.submission_id
            and list_rows.sheet_code = sheet_rows.sheet_code
            and list_rows.row_number = sheet_rows.row_number
    where sheet_rows.read_values ? thresholds.field_code
)

select report_year, sheet_code, submission_id, row_number, field_code, value, last_value
from {{ ref('int_counts_compared') }}
where measure = 'flow'

union all

select
    this_year.report_year,
    this_year.sheet_code,
    this_year.submission_id,
    this_year.row_number,
    this_year.field_code,
    this_year.value,
    last_year.value as last_value
from list_values as this_year
inner join list_values as last_year
    on
        this_year.sheet_code = last_year.sheet_code
        and this_year.thing = last_year.thing
        and this_year.field_code = last_year.field_code
        and this_year.report_year - 1 = last_year.report_year
