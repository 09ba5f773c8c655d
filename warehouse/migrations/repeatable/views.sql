-- Views and functions, created again after every migration and whenever this file
-- changes (see warehouse/migrations/__init__.py). No dbt view depends on them.

-- A partial correction takes the place of rows with its keys, and of no others.
create view raw.corrected_rows as
with orders as materialized (
    select orders.*, files.received_at
    from raw.submission_orders as orders
    inner join raw.received_files as files on orders.submission_id = files.submission_id
    where orders.submission_order is not null and orders.superseded_by is null
)

select distinct on (earlier.submission_id, changed.sheet_code, changed.row_key)
    earlier.submission_id,
    changed.sheet_code,
    changed.row_key,
    later.submission_id as superseded_by,
    greatest(later.received_at, earlier.received_at) as superseded_at
from orders as later
inner join raw.sheet_rows as changed on later.submission_id = changed.submission_id
inner join orders as earlier
    on later.reporting_unit_code = earlier.reporting_unit_code
    and later.report_year = earlier.report_year
    and later.history = earlier.history
    and later.submission_order > earlier.submission_order
where not later.is_whole and changed.row_key is not null
order by earlier.submission_id, changed.sheet_code, changed.row_key, later.submission_order;
comment on view raw.corrected_rows is
    'Keys that a later partial correction carries, by each file in force before it. One row per file, sheet and key.';

-- Nothing that was accepted is ever lost: here is what counts no more, and since when.
create view raw.superseded_rows as
select
    rows.submission_id,
    rows.sheet_code,
    rows.row_number,
    rows.row_key,
    rows.sent,
    rows.read,
    files.reporting_unit_code,
    files.report_year,
    coalesce(files.superseded_by, corrected.superseded_by) as superseded_by,
    coalesce(files.superseded_at, corrected.superseded_at) as superseded_at
from raw.sheet_rows as rows
inner join raw.submission_orders as files on rows.submission_id = files.submission_id
left join raw.corrected_rows as corrected
    on rows.submission_id = corrected.submission_id
    and rows.sheet_code = corrected.sheet_code
    and rows.row_key = corrected.row_key
where files.superseded_by is not null or corrected.superseded_by is not null;
comment on view raw.superseded_rows is
    'Rows that counted once and count no more, because a whole file, or a row of a partial correction with the same'
    ' key, took their place. One row per file, sheet and row.';

-- An answer to a query holds for its unit and year: for the finding that it names, and for findings of other files
-- that ask the same: same rule, sheet, row (by its key), field and value. The answer received last counts.
create view quality.answers as
with asked as (
    select
        files.reporting_unit_code,
        files.report_year,
        findings.finding_id,
        jsonb_build_array(
            findings.rule_code,
            findings.sheet_code,
            coalesce(findings.row_key, 'row ' || findings.row_number),
            findings.field_code,
            findings.value,
            case when findings.row_number is null and findings.value is null then findings.message_vi end
        )::text as concern
    from quality.file_findings as findings
    inner join raw.received_files as files on findings.submission_id = files.submission_id
    where (files.reporting_unit_code, files.report_year) in (
        select answering.reporting_unit_code, answering.report_year
        from raw.sheet_11_giai_trinh as explanations
        inner join raw.received_files as answering on explanations.submission_id = answering.submission_id
    )
),

given as (
    select
        files.reporting_unit_code,
        files.report_year,
        upper(rows.read ->> 'finding_id') as finding_id,
        rows.read ->> 'answer' as answer,
        files.received_at,
        files.file_name,
        files.submission_id,
        rows.row_number
    from raw.sheet_11_giai_trinh as rows
    inner join raw.received_files as files on rows.submission_id = files.submission_id
    where files.verdict = 'accepted' and rows.read ->> 'answer' is not null
),

answered as (
    select given.*, coalesce(asked.concern, given.finding_id) as concern
    from given
    left join asked
        on given.reporting_unit_code = asked.reporting_unit_code
        and given.report_year = asked.report_year
        and given.finding_id = asked.finding_id
)

select distinct on (answered.reporting_unit_code, answered.report_year, coalesce(asked.finding_id, answered.finding_id))
    answered.reporting_unit_code,
    answered.report_year,
    coalesce(asked.finding_id, answered.finding_id) as finding_id,
    answered.answer,
    answered.received_at as answered_at,
    answered.submission_id as answered_by
from answered
left join asked
    on answered.reporting_unit_code = asked.reporting_unit_code
    and answered.report_year = asked.report_year
    and answered.concern = asked.concern
order by
    answered.reporting_unit_code,
    answered.report_year,
    coalesce(asked.finding_id, answered.finding_id),
    answered.received_at desc,
    answered.file_name desc,
    answered.submission_id desc,
    answered.row_number desc;
comment on view quality.answers is
    'Answers of units on sheet 11_GIAI_TRINH, by every finding that they answer: the one that the answer names and'
    ' those on other files of the unit and year that ask the same. One row per unit, year and finding.';

create view quality.findings as
with findings as (
    select
        finding_id, submission_id, rule_code, severity, sheet_code, row_number, field_code, cell, value,
        message_vi, message_en
    from quality.file_findings
    union all
    select
        finding_id, submission_id, rule_code, severity, sheet_code, row_number, field_code, cell, value,
        message_vi, message_en
    from quality.history_findings
)

select
    findings.*,
    answers.answer,
    answers.answered_at,
    corrected.superseded_at as corrected_at
from findings
inner join raw.received_files as files on findings.submission_id = files.submission_id
left join quality.answers as answers
    on findings.finding_id = answers.finding_id
    and files.reporting_unit_code = answers.reporting_unit_code
    and files.report_year = answers.report_year
left join raw.sheet_rows as rows
    on findings.submission_id = rows.submission_id
    and findings.sheet_code = rows.sheet_code
    and findings.row_number = rows.row_number
left join raw.corrected_rows as corrected
    on rows.submission_id = corrected.submission_id
    and rows.sheet_code = corrected.sheet_code
    and rows.row_key = corrected.row_key;
comment on view quality.findings is
    'Findings on files, with the sender''s answer where there is one. One row per finding.';
comment on column quality.findings.answered_at is 'When the file with the answer was received.';
comment on column quality.findings.corrected_at is 'When a partial correction took the place of the row that it is about.';

create view raw.submissions as
with open_queries as (
    select distinct submission_id
    from quality.findings
    where severity = 'query' and answer is null and corrected_at is null
)

select
    files.submission_id,
    files.sha256,
    files.folder,
    files.file_name,
    files.received_at,
    files.first_seen_at,
    files.receipt_number,
    case
        when files.verdict = 'rejected' then 'rejected'
        when orders.duplicate_of is not null then 'received'
        when orders.superseded_by is not null then 'superseded'
        when open_queries.submission_id is not null then 'accepted_with_queries'
        else 'accepted'
    end as status,
    files.verdict,
    files.reporting_unit_code,
    files.report_year,
    files.report_kind,
    files.submission_kind,
    files.form_version,
    files.data_from,
    files.data_to,
    files.value_kind,
    files.data_scope,
    files.cover,
    files.content_sha256,
    files.reference_sha256,
    orders.submission_order,
    orders.superseded_by,
    orders.superseded_at,
    orders.duplicate_of
from raw.received_files as files
left join raw.submission_orders as orders on files.submission_id = orders.submission_id
left join open_queries on files.submission_id = open_queries.submission_id;
comment on view raw.submissions is 'A file received, with where it stands in its life. One row per file.';
comment on column raw.submissions.status is
    'rejected, received (a duplicate by content: it makes no new version), superseded, accepted_with_queries, accepted';

-- What T17 and T18 count: the day that the office recorded; of a report sent before there were such days, or recorded
-- from outside, its instant. A day is
-- known when it is over, or when it was recorded, if that was earlier: no edition of that day counts its own issue.
create view raw.publication_issues as
select
    publication_id,
    recipient,
    'issue' as kind,
    publication_id || ' ' || recipient || ' ' || position as input_id,
    raw.midnight(happened_on) as issued_at,
    least(raw.midnight(happened_on + 1), recorded_at) as known_at,
    recorded_at
from raw.publication_states
where state = 'issued'
union all
select
    publication_id,
    recipient,
    'sending' as kind,
    publication_id || ' ' || recipient as input_id,
    least(sent_at, recorded_at) as issued_at,
    least(sent_at, recorded_at) as known_at,
    recorded_at
from raw.publication_sendings
where not is_copy;
comment on view raw.publication_issues is
    'Reports issued, as recorded: by a day of issue, or as sent outside this system. Copies that were mailed are none.'
    ' Of several days of one recipient the last recorded counts. One row per record.';

-- What last happened, at the instant of a query: bi.freshness shows it (warehouse/migrations/live_views.py). No function
-- of raw is called, which the readers of that may not.
create view quality.last_events as
with events as (
    (
        select 'received' as event, received_at as happened_at, receipt_number as what
        from raw.received_files
        order by received_at desc
        limit 1
    )
    union all
    (
        select 'registry_pulled', pulled_at, speaks_of::text
        from raw.registry_snapshots
        order by pulled_at desc
        limit 1
    )
    union all
    (
        select 'build_started', started_at, coalesce(outcome, 'running')
        from quality.builds
        order by started_at desc
        limit 1
    )
    union all
    (
        select 'promoted', finished_at, build_id
        from quality.builds
        where outcome = 'promoted'
        order by finished_at desc
        limit 1
    )
    union all
    (
        select 'issued', issues.issued_at, issues.publication_id
        from (
            select happened_on::timestamp at time zone 'Asia/Ho_Chi_Minh' as issued_at, publication_id
            from raw.publication_states
            where state = 'issued'
            union all
            select least(sent_at, recorded_at), publication_id from raw.publication_sendings where not is_copy
        ) as issues
        order by issues.issued_at desc
        limit 1
    )
)

select
    names.event,
    names.event_en,
    events.happened_at,
    events.what,
    names.sort_order
from (
    values
    (1, 'received', 'A file was received'),
    (2, 'registry_pulled', 'The registry was pulled'),
    (3, 'build_started', 'Figures began to be worked out'),
    (4, 'promoted', 'The figures shown were brought up to date'),
    (5, 'issued', 'A report of the province was issued')
) as names (sort_order, event, event_en)
left join events on names.event = events.event;
comment on view quality.last_events is
    'When what last happened: files received, registry pulled, builds, reports issued. One row per event.';
