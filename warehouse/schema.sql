-- The tables of ours: what was received (raw) and what was found about it (quality).
-- Everything else is made by dbt, or published. Run again at will: nothing here drops or changes data.

create schema if not exists raw;
create schema if not exists quality;
comment on schema raw is 'What was received, unchanged, as text. One writer; nothing accepted is ever deleted.';
comment on schema quality is 'What was found about files and about history, and the record of builds.';

create table if not exists quality.schema_versions (
    schema_sha256 text primary key,
    applied_at timestamptz not null default now()
);
comment on table quality.schema_versions is 'The one version of schema.sql that these tables were made by. One row.';


-- Files and what was read in them

create table if not exists raw.files (
    sha256 text primary key,
    content bytea,
    byte_count bigint not null
);
-- Workbooks are compressed already: trying it again costs as much as writing them.
alter table raw.files alter column content set storage external;
comment on table raw.files is
    'Bytes of every file received, unchanged. content is null where they must not be kept (lists of persons).'
    ' One row per content.';

create table if not exists raw.received_files (
    submission_id text primary key,
    sha256 text not null references raw.files deferrable initially deferred,
    folder text not null,
    file_name text not null,
    received_at timestamptz not null,
    first_seen_at timestamptz not null default now(),
    receipt_number text not null,
    verdict text not null check (verdict in ('accepted', 'rejected')),
    content_sha256 text,
    form_version text,
    reporting_unit_code text,
    report_year integer,
    report_kind text,
    submission_kind text,
    data_from date,
    data_to date,
    value_kind text,
    data_scope text,
    cover jsonb,
    reference_sha256 text,
    unique (folder, sha256)
);
create index if not exists received_files_unit_year on raw.received_files (reporting_unit_code, report_year);
comment on table raw.received_files is
    'A file as it came into a folder, with what its cover says (null where the cover could not be read) and the'
    ' verdict. One row per folder and content.';
comment on column raw.received_files.received_at is
    'When storage says that the file arrived; of several sightings of the same content, the earliest.';
comment on column raw.received_files.first_seen_at is 'When we first saw the file: later than received_at by any outage.';
comment on column raw.received_files.cover is '{field code: canonical text}';
comment on column raw.received_files.reference_sha256 is 'The reference data under which the verdict was given.';

create table if not exists raw.receipts (
    submission_id text not null references raw.received_files deferrable initially deferred,
    received_at timestamptz not null,
    file_name text not null,
    seen_at timestamptz not null default now(),
    primary key (submission_id, received_at, file_name)
);
comment on table raw.receipts is
    'Each time that a file came: the same bytes that came again are received once, and have two rows here.'
    ' One row per file, instant and name.';

create table if not exists raw.lock_exceptions (
    exception_id text primary key,
    reporting_unit_code text not null,
    report_year integer not null,
    reason text not null check (reason ~ '\S'),
    granted_by text not null check (granted_by ~ '\S'),
    granted_at timestamptz not null,
    valid_until timestamptz not null check (valid_until > granted_at),
    revoked_at timestamptz,
    revoked_by text
);
comment on table raw.lock_exceptions is
    'Leave for a unit to send files for a year that is locked. Never deleted, only revoked. One row per exception.';
comment on column raw.lock_exceptions.granted_at is 'Files received from this instant on are let in...';
comment on column raw.lock_exceptions.valid_until is '...until before this one, or before revoked_at.';

create table if not exists raw.lock_exception_uses (
    exception_id text not null references raw.lock_exceptions,
    submission_id text not null references raw.received_files deferrable initially deferred,
    received_at timestamptz not null,
    used_at timestamptz not null default now(),
    primary key (exception_id, submission_id)
);
comment on table raw.lock_exception_uses is
    'Files that were accepted for a locked year because an exception covers them. One row per exception and file.';

create table if not exists raw.sheets (
    submission_id text not null references raw.received_files deferrable initially deferred,
    sheet_code text not null,
    sheet_name text,
    header_row integer,
    columns jsonb not null default '{}',
    unknown_columns jsonb not null default '{}',
    primary key (submission_id, sheet_code)
);
comment on table raw.sheets is
    'Where the columns of a sheet were found. One row per file and sheet; of the cover, the cell of each field.';
comment on column raw.sheets.columns is '{field code: column letter}; for the cover {field code: cell}';
comment on column raw.sheets.unknown_columns is '{column letter: header} of columns that the form does not have.';

-- No foreign key here: it would check each of the many rows that the one writer brings with its file.
create table if not exists raw.sheet_rows (
    submission_id text not null,
    sheet_code text not null,
    row_number integer not null,
    sent jsonb not null,
    read jsonb not null,
    row_key text,
    primary key (submission_id, sheet_code, row_number)
) partition by list (sheet_code);
alter table raw.sheet_rows add column if not exists row_key text;
create table if not exists raw.sheet_01_htx partition of raw.sheet_rows for values in ('01_HTX');
create table if not exists raw.sheet_02_tht partition of raw.sheet_rows for values in ('02_THT');
create table if not exists raw.sheet_03_ho_tro partition of raw.sheet_rows for values in ('03_HO_TRO');
create table if not exists raw.sheet_04_dao_tao partition of raw.sheet_rows for values in ('04_DAO_TAO');
create table if not exists raw.sheet_05_can_bo_hoi partition of raw.sheet_rows for values in ('05_CAN_BO_HOI');
create table if not exists raw.sheet_06_no partition of raw.sheet_rows for values in ('06_NO');
create table if not exists raw.sheet_07_kinh_phi partition of raw.sheet_rows for values in ('07_KINH_PHI');
create table if not exists raw.sheet_08_hoat_dong partition of raw.sheet_rows for values in ('08_HOAT_DONG');
create table if not exists raw.sheet_09_uu_tien partition of raw.sheet_rows for values in ('09_UU_TIEN');
create table if not exists raw.sheet_10_tong_hop partition of raw.sheet_rows for values in ('10_TONG_HOP');
create table if not exists raw.sheet_11_giai_trinh partition of raw.sheet_rows for values in ('11_GIAI_TRINH');
create table if not exists raw.sheet_12_danh_gia partition of raw.sheet_rows for values in ('12_DANH_GIA');
create table if not exists raw.sheet_other partition of raw.sheet_rows default;
comment on table raw.sheet_rows is
    'Rows of the sheets of accepted files, in one table per sheet (sheet_other: sheets of a later form).'
    ' One row per file, sheet and row.';
comment on column raw.sheet_rows.row_number is 'The row in the workbook, as its sender sees it.';
comment on column raw.sheet_rows.sent is '{column letter: text as sent}';
comment on column raw.sheet_rows.read is '{field code: canonical text}; a blank cell has no key.';
comment on column raw.sheet_rows.row_key is
    'What tells the row from others of its sheet: its key fields, joined by |; null where one of them is blank.';

create table if not exists raw.inbox_sightings (
    url text not null,
    modified_at timestamptz not null,
    byte_count bigint not null,
    submission_id text not null,
    primary key (url, modified_at, byte_count)
);
comment on table raw.inbox_sightings is
    'Files of the inbox that need not be opened again. One row per address, time of storage and size.';


-- The registry

create table if not exists raw.registry_snapshots (
    snapshot_id text primary key,
    speaks_of date not null,
    pulled_at timestamptz not null default now(),
    content_id text not null,
    row_counts jsonb not null,
    shrink_allowed_because text
);
comment on table raw.registry_snapshots is
    'Pulls of the registry. One row per day spoken of and content; a pull that found nothing new adds none.';
comment on column raw.registry_snapshots.row_counts is '{table: rows}';
comment on column raw.registry_snapshots.shrink_allowed_because is
    'Why a pull with less than 95 % of the last one''s rows was let in; null for all others.';

create table if not exists raw.registry_contents (
    content_id text not null,
    table_name text not null check (table_name in ('cooperatives', 'managers', 'classifications')),
    row_id text not null,
    primary key (content_id, table_name, row_id)
);
comment on table raw.registry_contents is 'Which rows a content holds. One row per content, table and row.';

create table if not exists raw.registry_cooperatives (
    row_id text primary key,
    registration_number text,
    tax_code text,
    name text,
    kind text,
    commune_code text,
    address text,
    sector text,
    registered_on text,
    status text,
    status_changed_on text,
    charter_capital_vnd text,
    member_count text,
    union_founded text,
    updated_at text
);
comment on table raw.registry_cooperatives is
    'Cooperatives of the registry, as text. One row per content of a row: an unchanged row is kept once.';

create table if not exists raw.registry_managers (
    row_id text primary key,
    registration_number text,
    manager_no text,
    position text,
    sex text,
    held_from text,
    held_to text
);
comment on table raw.registry_managers is
    'Managers of the registry, as text, without names of persons. One row per content of a row.';

create table if not exists raw.registry_classifications (
    row_id text primary key,
    registration_number text,
    year text,
    score text,
    class text,
    decided_on text
);
comment on table raw.registry_classifications is
    'Yearly classifications of the registry, as text. One row per content of a row.';


-- Publications

create table if not exists raw.model_versions (
    models_sha256 text primary key,
    models text not null,
    kept_at timestamptz not null default now()
);
comment on table raw.model_versions is
    'The SQL of all models as dbt compiled it, as JSON: by it figures can be worked out again. One row per content.';

create table if not exists raw.reference_contents (
    content_sha256 text primary key,
    content jsonb not null,
    kept_at timestamptz not null default now()
);
comment on table raw.reference_contents is 'A file of reference data as it stood in a build. One row per content.';
comment on column raw.reference_contents.content is '{"columns": [[name, type], ...], "rows": [{column: value}, ...]}';

create table if not exists raw.reference_versions (
    reference_sha256 text not null,
    file_name text not null,
    content_sha256 text not null references raw.reference_contents,
    primary key (reference_sha256, file_name)
);
comment on table raw.reference_versions is
    'All files of reference data as they stood together in a build. One row per version and file.';

create table if not exists raw.publications (
    publication_id text primary key,
    kind text not null check (kind in ('annual', 'phase_review')),
    report_year integer,
    phase integer,
    recipient text,
    published_at timestamptz not null
);
alter table raw.publications add column if not exists recorded_at timestamptz not null default now();
alter table raw.publications add column if not exists figures_sha256 text;
alter table raw.publications add column if not exists state_sha256 text;
alter table raw.publications add column if not exists models_sha256 text references raw.model_versions;
alter table raw.publications add column if not exists reference_sha256 text;
comment on table raw.publications is
    'Reports that the province has sent, and what their figures were made of. Never changed. One row per publication.';
comment on column raw.publications.published_at is 'The instant as of which it speaks: received_by of its figures.';
comment on column raw.publications.recorded_at is 'When we kept its figures: seen_by of them.';
comment on column raw.publications.figures_sha256 is 'Of the rows of publication_figures and publication_verdicts.';
comment on column raw.publications.state_sha256 is 'State of the data that was public then (quality.builds).';
comment on column raw.publications.models_sha256 is 'The code of its figures (raw.model_versions).';
comment on column raw.publications.reference_sha256 is 'The reference data of its figures (raw.reference_versions).';

-- Deferred, since the publication itself is written last: its hash is that of these rows.
create table if not exists raw.publication_inputs (
    publication_id text not null references raw.publications deferrable initially deferred,
    kind text not null check (kind in ('file', 'snapshot', 'publication')),
    input_id text not null,
    received_at timestamptz,
    file_name text,
    verdict text,
    primary key (publication_id, kind, input_id)
);
comment on table raw.publication_inputs is
    'What the figures of a publication were made of, as it stood then. One row per publication and file, snapshot of'
    ' the registry or earlier publication.';

create table if not exists raw.publication_figures (
    publication_id text not null references raw.publications deferrable initially deferred,
    indicator_code text not null,
    measure_code text not null,
    breakdown text not null,
    breakdown_code text not null,
    report_year integer not null,
    unit_uid text not null,
    basis text not null,
    numerator numeric,
    denominator numeric,
    value numeric,
    value_low numeric,
    value_high numeric,
    value_status text not null,
    primary key (
        publication_id, indicator_code, measure_code, breakdown, breakdown_code, report_year, unit_uid, basis
    )
);
comment on table raw.publication_figures is
    'Figures as they were published, with the columns of marts.fct_indicator_values. Never changed.'
    ' One row per publication and figure.';

create table if not exists raw.publication_verdicts (
    publication_id text not null references raw.publications deferrable initially deferred,
    indicator_code text not null,
    report_year integer not null,
    value numeric,
    value_low numeric,
    value_high numeric,
    comparator text,
    target numeric,
    target_year integer,
    achieved_pct numeric,
    verdict text not null,
    primary key (publication_id, indicator_code, report_year)
);
comment on table raw.publication_verdicts is
    'Verdicts as they were published, with the columns of marts.fct_indicator_verdicts. Never changed.'
    ' One row per publication, indicator and report year.';

create or replace function raw.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% keeps what was published: it is added to, and never changed', tg_table_schema || '.' || tg_table_name
        using errcode = 'restrict_violation';
end $$;

do $$
declare
    kept text;
begin
    foreach kept in array array[
        'model_versions', 'reference_contents', 'reference_versions', 'publications', 'publication_inputs',
        'publication_figures', 'publication_verdicts'
    ] loop
        execute format(
            'create or replace trigger refuse_change before update or delete or truncate on raw.%I'
            ' for each statement execute function raw.refuse_change()', kept
        );
    end loop;
end $$;

create table if not exists quality.publication_differences (
    publication_id text not null,
    figure text not null check (figure in ('value', 'verdict', 'all')),
    indicator_code text,
    measure_code text,
    breakdown text,
    breakdown_code text,
    report_year integer,
    unit_uid text,
    basis text,
    column_name text not null,
    old_value text,
    new_value text,
    reason text not null check (reason in ('late_data', 'changed_reference', 'changed_code', 'unexplained')),
    cause text not null,
    step integer not null,
    checked_at timestamptz not null default now()
);
comment on table quality.publication_differences is
    'What published figures would be today where they would differ, as the last check found it. From step to step of a'
    ' figure old_value becomes new_value; the last is the figure of today. One row per publication, figure, column and'
    ' step.';
comment on column quality.publication_differences.reason is
    'late_data: received in time, seen later; changed_reference: a decision, rule or other reference row;'
    ' changed_code: the models; unexplained: the kept figures are not what was kept with them gives.';
comment on column quality.publication_differences.cause is 'The file, row or version in question.';

create table if not exists quality.target_sensitivity (
    decision_code text not null,
    option text not null,
    is_current boolean not null,
    is_computable boolean not null,
    indicator_code text not null,
    report_year integer not null,
    value numeric,
    value_low numeric,
    value_high numeric,
    verdict text,
    primary key (decision_code, option, indicator_code, report_year)
);
comment on table quality.target_sensitivity is
    'The targets under every option of every switchable decision, worked out by each build after dbt, which reads it.'
    ' One row per decision, option, indicator and report year.';


-- Findings

create table if not exists quality.file_findings (
    finding_id text not null,
    submission_id text not null references raw.received_files deferrable initially deferred,
    rule_code text not null,
    severity text not null check (severity in ('error', 'query', 'info')),
    sheet_code text,
    row_number integer,
    field_code text,
    cell text,
    value text,
    message_vi text not null,
    message_en text not null,
    row_key text
);
alter table quality.file_findings add column if not exists row_key text;
create index if not exists file_findings_submission on quality.file_findings (submission_id);
create index if not exists file_findings_id on quality.file_findings (finding_id);
comment on column quality.file_findings.row_key is
    'Key of the row, as in raw.sheet_rows: rejected files leave no rows, but what is asked about them may be answered.';
comment on table quality.file_findings is
    'Findings that depend on the file, the rules and the reference data alone; written with the file.'
    ' One row per finding.';

create table if not exists quality.history_findings (
    finding_id text not null,
    submission_id text not null,
    rule_code text not null,
    severity text not null,
    sheet_code text,
    row_number integer,
    field_code text,
    cell text,
    value text,
    message_vi text not null,
    message_en text not null
);
create index if not exists history_findings_submission on quality.history_findings (submission_id);
comment on table quality.history_findings is
    'Findings that depend on the registry, on history or on other units; worked out anew and published by each'
    ' build. One row per finding.';

create table if not exists quality.marked_copies (
    submission_id text primary key references raw.received_files deferrable initially deferred,
    state text not null,
    written_at timestamptz not null default now()
);
comment on table quality.marked_copies is
    'Marked copies that were written again after a build. One row per file.';
comment on column quality.marked_copies.state is
    'Hash of what the copy says beyond what it said when its file was loaded; empty when that is nothing.';

create table if not exists quality.builds (
    build_id text primary key,
    state_sha256 text,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome text
);
alter table quality.builds
    add column if not exists rolled_back_at timestamptz,
    add column if not exists rolled_back_by text,
    add column if not exists rolled_back_because text,
    drop constraint if exists builds_outcome_check,
    add constraint builds_outcome_check
    check (outcome in ('published', 'refused', 'failed', 'overtaken', 'rolled_back'));
alter table quality.builds add column if not exists models_sha256 text;
alter table quality.builds add column if not exists reference_sha256 text;
create index if not exists builds_published on quality.builds (finished_at) where outcome = 'published';
comment on table quality.builds is
    'Builds of the marts, and what came of each (null while it runs, or when it was killed). One row per build.';
comment on column quality.builds.models_sha256 is 'The code that made its tables (raw.model_versions).';
comment on column quality.builds.reference_sha256 is 'The reference data that made its tables (raw.reference_versions).';
comment on column quality.builds.state_sha256 is
    'Hash of everything that the published tables were made from: what was received, reference data, models.';
comment on column quality.builds.finished_at is 'Of a build that was rolled back: when it had been published.';
comment on column quality.builds.rolled_back_because is 'In the words of who rolled it back; null when none were given.';

create table if not exists quality.next_build (
    only_row boolean primary key default true check (only_row),
    build_id text not null,
    step text not null check (step in ('started', 'built', 'validated', 'published')),
    changed_at timestamptz not null default now()
);
comment on table quality.next_build is
    'Whose tables lie in next_marts, next_reports, next_bi and next_quality, and how far they came. One row: the'
    ' build that began last.';

create table if not exists quality.next_slices (
    schema_name text not null,
    table_name text not null,
    column_name text not null,
    made_anew integer[] not null,
    primary key (schema_name, table_name)
);
comment on table quality.next_slices is
    'Tables in next_* that hold only the report years that their build made anew: publishing leaves the other years as'
    ' they are. Tables that are not named here are whole. One row per table.';
comment on column quality.next_slices.column_name is 'The column that says which year a row belongs to.';

create table if not exists quality.published_tables (
    schema_name text not null,
    table_name text not null,
    primary key (schema_name, table_name)
);
comment on table quality.published_tables is
    'Tables that publishing made, and may therefore drop when no model builds them any more. One row per table.';

create schema if not exists undo;
comment on schema undo is 'What the last publication changed, for a rollback. Nobody reads here.';

create table if not exists undo.publication (
    only_row boolean primary key default true check (only_row),
    build_id text not null,
    refused_because text
);
comment on table undo.publication is 'The last publication. One row.';
comment on column undo.publication.refused_because is 'Why it cannot be rolled back; null where it can.';

create table if not exists undo.rows (
    schema_name text not null,
    table_name text not null,
    deleted_row text,
    inserted_key bytea,
    check (num_nonnulls(deleted_row, inserted_key) = 1)
);
comment on table undo.rows is 'Rows that the last publication deleted or inserted. One row per row and change.';
comment on column undo.rows.deleted_row is 'The row as text, as its table reads it back.';
comment on column undo.rows.inserted_key is 'Hash of all values of the row.';


-- Views
-- They are made anew when this file has changed; nothing of dbt's is a view on them.

drop view if exists
    raw.submissions, raw.superseded_rows, quality.findings, quality.answers, raw.corrected_rows, raw.submission_orders;

-- The yearly report and its final figures are one history; of reports beside it each day spoken of has its own.
-- In a history final figures stand over estimates whenever they came; within each the order of receipt holds.
-- Other bytes with the content of a file that was accepted before make no new version.
create view raw.submission_orders as
with accepted as (
    select
        submission_id,
        reporting_unit_code,
        report_year,
        received_at,
        file_name,
        case
            when report_kind in ('annual', 'annual_final') then 'annual'
            else concat_ws(' ', report_kind, data_to::text)
        end as history,
        (report_kind = 'annual_final')::integer as layer,
        submission_kind in ('first', 'full_replacement') as is_whole,
        first_value(submission_id) over (
            -- a file whose content nobody hashed is the like of none
            partition by reporting_unit_code, report_year, coalesce(content_sha256, submission_id)
            order by received_at, file_name, submission_id
        ) as first_of_content
    from raw.received_files
    where verdict = 'accepted'
),

ordered as (
    select
        accepted.*,
        row_number() over in_order as submission_order,
        -- of the whole files that come after it in the order, the nearest, and when the first of them arrived
        (array_agg(submission_id) filter (where is_whole) over later)[1] as superseded_by,
        min(received_at) filter (where is_whole) over later as later_received_at
    from accepted
    where submission_id = first_of_content
    window
        in_order as (
            partition by reporting_unit_code, report_year, history
            order by layer, received_at, file_name, submission_id
        ),
        later as (
            partition by reporting_unit_code, report_year, history
            order by layer, received_at, file_name, submission_id
            rows between 1 following and unbounded following
        )
)

select
    accepted.submission_id,
    accepted.reporting_unit_code,
    accepted.report_year,
    accepted.history,
    accepted.is_whole,
    ordered.submission_order::integer as submission_order,
    ordered.superseded_by,
    case when ordered.superseded_by is not null then greatest(accepted.received_at, ordered.later_received_at) end
        as superseded_at,
    nullif(accepted.first_of_content, accepted.submission_id) as duplicate_of
from accepted
left join ordered on accepted.submission_id = ordered.submission_id;
comment on view raw.submission_orders is
    'Accepted files in the order in which they count for their unit and year. One row per accepted file.';
comment on column raw.submission_orders.submission_order is 'From 1; null for a duplicate, which makes no new version.';
comment on column raw.submission_orders.superseded_by is 'The whole file (first or full_replacement) that took its place.';
comment on column raw.submission_orders.superseded_at is 'When it lost its place: the receipt of the file that took it.';
comment on column raw.submission_orders.duplicate_of is 'The file, received before, that has the same content.';

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

create table if not exists quality.next_year_states (
    report_year integer primary key,
    state_sha256 text not null
);
comment on table quality.next_year_states is
    'What each report year of the build under way is a function of, as a hash. One row per report year.';

create table if not exists quality.published_year_states (
    report_year integer primary key,
    state_sha256 text not null
);
comment on table quality.published_year_states is
    'What each public report year was made from, as a hash; emptied when everything must be made anew. One row per year.';

-- What dbt reads of its own last result. Functions, since before the first publication there are no tables to read.
create or replace function quality.published_identities()
returns table (table_name text, report_year integer, submission_id text, row_number integer, organisation_id text)
language plpgsql stable as $$
begin
    if to_regclass('marts.fct_group_years') is null or to_regclass('marts.fct_support_actions') is null then
        return;
    end if;
    return query
        select 'fct_group_years', g.report_year, g.submission_id, g.row_number, g.group_code
        from marts.fct_group_years as g
        union all
        select 'fct_support_actions', s.report_year, s.submission_id, s.row_number, s.organisation_id
        from marts.fct_support_actions as s;
end $$;

create or replace function quality.published_indicator_totals()
returns table (
    indicator_code text, measure_code text, report_year integer, unit_uid text, basis text, numerator numeric,
    denominator numeric, value_status text
)
language plpgsql stable as $$
begin
    if to_regclass('marts.fct_indicator_values') is null then
        return;
    end if;
    return query
        select v.indicator_code, v.measure_code, v.report_year, v.unit_uid, v.basis, v.numerator, v.denominator,
            v.value_status
        from marts.fct_indicator_values as v
        where v.breakdown = 'total';
end $$;
