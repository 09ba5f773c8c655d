with

unioned as (
    {%- for model in [
        'int_findings_registry', 'int_findings_registry_missing', 'int_findings_other_units',
        'int_findings_support', 'int_findings_vanished', 'int_findings_changes', 'int_findings_copied',
        'int_findings_running_totals', 'int_findings_estimates', 'int_findings_submissions', 'int_findings_windows',
    ] %}
    select * from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

received_files as (
    select * from {{ ref('stg_submissions__received_files') }}
),

sheet_rows as (
    select * from {{ ref('stg_submissions__sheet_rows') }}
),

identified as (
    select
        {{ history_finding_id('unioned', 'received_files', 'sheet_rows') }} as finding_id,
        unioned.*
    from unioned
    inner join received_files on unioned.submission_id = received_files.submission_id
    left join sheet_rows
        on
            unioned.submission_id = sheet_rows.submission_id
            and unioned.sheet_code = sheet_rows.sheet_code
            and unioned.row_number = sheet_rows.row_number
)

select distinct on (finding_id) *
from identified
order by finding_id, submission_id, row_number
