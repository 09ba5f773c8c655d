-- Figures would disappear silently if a unit were taken off the roster: rule F03 accepts only units on it, so an accepted
-- yearly report without one means that the roster changed after its receipt. A warning, since the Union may change the
-- roster.
{{ config(severity='warn') }}

select
    received_files.submission_id,
    received_files.reporting_unit_code,
    received_files.report_year
from {{ ref('stg_submissions__received_files') }} as received_files
left join {{ ref('int_submissions_ordered') }} as submissions
    on received_files.submission_id = submissions.submission_id
where
    received_files.verdict = 'accepted'
    and received_files.report_kind in ('annual', 'annual_final')
    and submissions.submission_id is null
