with

unioned as (
    {%- for model in [
        'int_registry_conflicts_flagged', 'int_omitted_cooperatives_flagged', 'int_shared_organisations_flagged',
        'int_shared_funds_flagged', 'int_conflicting_courses_flagged',
        'int_support_actions_flagged', 'int_vanished_organisations_flagged', 'int_leaps_flagged', 'int_changes_flagged',
        'int_copied_files_flagged',
        'int_running_totals_flagged', 'int_estimates_flagged', 'int_submissions_flagged', 'int_windows_flagged',
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
