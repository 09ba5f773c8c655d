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
    primary key (submission_id, sheet_code, row_number)
) partition by list (sheet_code);
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

create table if not exists raw.publications (
    publication_id text primary key,
    kind text not null check (kind in ('annual', 'phase_review')),
    report_year integer,
    phase integer,
    recipient text,
    published_at timestamptz not null
);
comment on table raw.publications is 'Reports that the province has sent. One row per publication.';


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
    message_en text not null
);
create index if not exists file_findings_submission on quality.file_findings (submission_id);
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

create table if not exists quality.builds (
    build_id text primary key,
    state_sha256 text,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome text check (outcome in ('published', 'refused', 'failed', 'overtaken'))
);
create index if not exists builds_published on quality.builds (finished_at) where outcome = 'published';
comment on table quality.builds is
    'Builds of the marts, and what came of each (null while it runs, or when it was killed). One row per build.';
comment on column quality.builds.state_sha256 is
    'Hash of everything that the published tables were made from: what was received, reference data, models.';

create table if not exists quality.next_build (
    only_row boolean primary key default true check (only_row),
    build_id text not null,
    step text not null check (step in ('started', 'built', 'validated', 'published')),
    changed_at timestamptz not null default now()
);
comment on table quality.next_build is
    'Whose tables lie in next_marts and next_reports, and how far they came. One row: the build that began last.';

create table if not exists quality.published_tables (
    schema_name text not null,
    table_name text not null,
    primary key (schema_name, table_name)
);
comment on table quality.published_tables is
    'Tables that publishing made, and may therefore drop when no model builds them any more. One row per table.';


-- Views

-- An answer closes a query of a file of the same unit and year; the one received last is the one that counts.
create or replace view quality.findings as
with findings as (
    select * from quality.file_findings
    union all
    select * from quality.history_findings
),

answers as (
    select distinct on (files.reporting_unit_code, files.report_year, upper(rows.read ->> 'finding_id'))
        files.reporting_unit_code,
        files.report_year,
        upper(rows.read ->> 'finding_id') as finding_id,
        rows.read ->> 'answer' as answer
    from raw.sheet_11_giai_trinh as rows
    inner join raw.received_files as files on rows.submission_id = files.submission_id
    where files.verdict = 'accepted' and rows.read ->> 'answer' is not null
    order by
        files.reporting_unit_code,
        files.report_year,
        upper(rows.read ->> 'finding_id'),
        files.received_at desc,
        files.file_name desc,
        files.submission_id desc,
        rows.row_number desc
)

select findings.*, answers.answer
from findings
inner join raw.received_files as files on findings.submission_id = files.submission_id
left join answers
    on findings.finding_id = answers.finding_id
    and files.reporting_unit_code = answers.reporting_unit_code
    and files.report_year = answers.report_year;
comment on view quality.findings is
    'Findings on files, with the sender''s answer where there is one. One row per finding.';

-- The yearly report and its final figures are one history; of reports beside it each day spoken of has its own.
-- A file is superseded when a whole one (first or full_replacement) of the same history came after it.
create or replace view raw.submissions as
with histories as (
    select
        files.*,
        case
            when files.report_kind in ('annual', 'annual_final') then 'annual'
            else concat_ws(' ', files.report_kind, files.data_to::text)
        end as history,
        case when files.report_kind = 'annual_final' then 1 else 0 end as layer
    from raw.received_files as files
),

wholes as (
    select
        histories.*,
        coalesce(
            bool_or(histories.verdict = 'accepted' and histories.submission_kind in ('first', 'full_replacement'))
                over later_files,
            false
        ) as has_later_whole
    from histories
    window later_files as (
        partition by histories.reporting_unit_code, histories.report_year, histories.history
        order by histories.layer, histories.received_at, histories.file_name, histories.submission_id
        rows between 1 following and unbounded following
    )
),

open_queries as (
    select distinct submission_id
    from quality.findings
    where severity = 'query' and answer is null
)

select
    wholes.submission_id,
    wholes.sha256,
    wholes.folder,
    wholes.file_name,
    wholes.received_at,
    wholes.first_seen_at,
    wholes.receipt_number,
    case
        when wholes.verdict = 'rejected' then 'rejected'
        when wholes.has_later_whole then 'superseded'
        when open_queries.submission_id is not null then 'accepted_with_queries'
        else 'accepted'
    end as status,
    wholes.verdict,
    wholes.reporting_unit_code,
    wholes.report_year,
    wholes.report_kind,
    wholes.submission_kind,
    wholes.form_version,
    wholes.data_from,
    wholes.data_to,
    wholes.value_kind,
    wholes.data_scope,
    wholes.cover,
    wholes.content_sha256,
    wholes.reference_sha256
from wholes
left join open_queries on wholes.submission_id = open_queries.submission_id;
comment on view raw.submissions is 'A file received, with where it stands in its life. One row per file.';
