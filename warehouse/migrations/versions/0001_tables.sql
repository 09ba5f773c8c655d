-- Tables outside dbt as of version 0.1.0: raw (what was received and published), quality (findings and the log of
-- builds; the schema exists already) and undo (for a rollback).

create schema raw;
create schema undo;

create table quality.schema_versions (
    schema_sha256 text primary key,
    applied_at timestamptz not null default now()
);

-- Files and what was read in them

create table raw.files (
    sha256 text primary key,
    content bytea,
    byte_count bigint not null
);
-- Workbooks are compressed already: compressing again would cost as much time as writing.
alter table raw.files alter column content set storage external;

create table raw.received_files (
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
create index received_files_unit_year on raw.received_files (reporting_unit_code, report_year);

create table raw.receipts (
    submission_id text not null references raw.received_files deferrable initially deferred,
    received_at timestamptz not null,
    file_name text not null,
    seen_at timestamptz not null default now(),
    primary key (submission_id, received_at, file_name)
);

create table raw.lock_exceptions (
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

create table raw.lock_exception_uses (
    exception_id text not null references raw.lock_exceptions,
    submission_id text not null references raw.received_files deferrable initially deferred,
    received_at timestamptz not null,
    used_at timestamptz not null default now(),
    primary key (exception_id, submission_id)
);

create table raw.sheets (
    submission_id text not null references raw.received_files deferrable initially deferred,
    sheet_code text not null,
    sheet_name text,
    header_row integer,
    columns jsonb not null default '{}',
    unknown_columns jsonb not null default '{}',
    primary key (submission_id, sheet_code)
);

-- No foreign key: one check for each of many rows, all written with their file by the one writer.
create table raw.sheet_rows (
    submission_id text not null,
    sheet_code text not null,
    row_number integer not null,
    sent jsonb not null,
    read jsonb not null,
    row_key text,
    primary key (submission_id, sheet_code, row_number)
) partition by list (sheet_code);
create table raw.sheet_01_htx partition of raw.sheet_rows for values in ('01_HTX');
create table raw.sheet_02_tht partition of raw.sheet_rows for values in ('02_THT');
create table raw.sheet_03_ho_tro partition of raw.sheet_rows for values in ('03_HO_TRO');
create table raw.sheet_04_dao_tao partition of raw.sheet_rows for values in ('04_DAO_TAO');
create table raw.sheet_05_can_bo_hoi partition of raw.sheet_rows for values in ('05_CAN_BO_HOI');
create table raw.sheet_06_no partition of raw.sheet_rows for values in ('06_NO');
create table raw.sheet_07_kinh_phi partition of raw.sheet_rows for values in ('07_KINH_PHI');
create table raw.sheet_08_hoat_dong partition of raw.sheet_rows for values in ('08_HOAT_DONG');
create table raw.sheet_09_uu_tien partition of raw.sheet_rows for values in ('09_UU_TIEN');
create table raw.sheet_10_tong_hop partition of raw.sheet_rows for values in ('10_TONG_HOP');
create table raw.sheet_11_giai_trinh partition of raw.sheet_rows for values in ('11_GIAI_TRINH');
create table raw.sheet_12_danh_gia partition of raw.sheet_rows for values in ('12_DANH_GIA');
create table raw.sheet_other partition of raw.sheet_rows default;

create table raw.inbox_sightings (
    url text not null,
    modified_at timestamptz not null,
    byte_count bigint not null,
    submission_id text not null,
    primary key (url, modified_at, byte_count)
);

-- The registry

create table raw.registry_snapshots (
    snapshot_id text primary key,
    speaks_of date not null,
    pulled_at timestamptz not null default now(),
    content_id text not null,
    row_counts jsonb not null,
    shrink_allowed_because text
);

create table raw.registry_contents (
    content_id text not null,
    table_name text not null check (table_name in ('cooperatives', 'managers', 'classifications')),
    row_id text not null,
    primary key (content_id, table_name, row_id)
);

create table raw.registry_cooperatives (
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

create table raw.registry_managers (
    row_id text primary key,
    registration_number text,
    manager_no text,
    position text,
    sex text,
    held_from text,
    held_to text
);

create table raw.registry_classifications (
    row_id text primary key,
    registration_number text,
    year text,
    score text,
    class text,
    decided_on text
);

-- Publications

create table raw.model_versions (
    models_sha256 text primary key,
    models text not null,
    kept_at timestamptz not null default now()
);

create table raw.reference_contents (
    content_sha256 text primary key,
    content jsonb not null,
    kept_at timestamptz not null default now()
);

create table raw.reference_versions (
    reference_sha256 text not null,
    file_name text not null,
    content_sha256 text not null references raw.reference_contents,
    primary key (reference_sha256, file_name)
);

create table raw.publications (
    publication_id text primary key,
    kind text not null check (kind in ('annual', 'phase_review')),
    report_year integer,
    phase integer,
    recipient text,
    published_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    figures_sha256 text,
    state_sha256 text,
    models_sha256 text references raw.model_versions,
    reference_sha256 text,
    version text check (version ~ '^\d+\.\d+\.\d+$'),
    supersedes text references raw.publications,
    forced_because text check (forced_because ~ '\S'),
    missing_units text[],
    readiness jsonb,
    tables_sha256 jsonb
);
create unique index publications_version
on raw.publications (kind, coalesce(report_year, phase), version) where version is not null;

-- Foreign keys are deferred: the publication is written last, since its hash covers these rows.
create table raw.publication_inputs (
    publication_id text not null references raw.publications deferrable initially deferred,
    kind text not null check (kind in ('file', 'snapshot', 'publication', 'sending')),
    input_id text not null,
    received_at timestamptz,
    file_name text,
    verdict text,
    primary key (publication_id, kind, input_id)
);

create table raw.publication_figures (
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

create table raw.publication_verdicts (
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

create table raw.publication_documents (
    publication_id text not null references raw.publications deferrable initially deferred,
    recipient text not null,
    format text not null check (format in ('docx', 'xlsx', 'html')),
    file_name text not null,
    sha256 text not null,
    content bytea not null,
    primary key (publication_id, recipient, format)
);
-- Word and Excel documents are compressed already.
alter table raw.publication_documents alter column content set storage external;

create table raw.publication_changes (
    publication_id text not null references raw.publications deferrable initially deferred,
    position integer not null,
    change text not null check (change in ('added', 'removed', 'changed')),
    indicator_code text,
    measure_code text,
    breakdown text,
    breakdown_code text,
    report_year integer,
    unit_uid text,
    basis text,
    column_name text,
    old_value text,
    new_value text,
    reason text not null check (
        reason in ('new_files', 'new_registry', 'changed_reference', 'changed_code', 'publications', 'unknown')
    ),
    cause text,
    submission_id text,
    sheet_code text,
    row_number integer,
    field_code text,
    cell text,
    cell_old_value text,
    cell_new_value text,
    sentence_vi text not null,
    primary key (publication_id, position)
);

create table raw.publication_sendings (
    publication_id text not null references raw.publications,
    recipient text not null,
    sent_at timestamptz not null,
    decided_by text,
    channel text,
    note text,
    recorded_at timestamptz not null default now(),
    primary key (publication_id, recipient)
);

create function raw.refuse_change() returns trigger language plpgsql as $$
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
        'publication_figures', 'publication_verdicts', 'publication_documents', 'publication_changes',
        'publication_sendings'
    ] loop
        execute format(
            'create trigger refuse_change before update or delete or truncate on raw.%I'
            ' for each statement execute function raw.refuse_change()', kept
        );
    end loop;
end $$;

create table quality.publication_differences (
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

create table quality.target_sensitivity (
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

-- Findings

create table quality.file_findings (
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
create index file_findings_submission on quality.file_findings (submission_id);
create index file_findings_id on quality.file_findings (finding_id);

create table quality.history_findings (
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
create index history_findings_submission on quality.history_findings (submission_id);

create table quality.marked_copies (
    submission_id text primary key references raw.received_files deferrable initially deferred,
    state text not null,
    written_at timestamptz not null default now()
);

create table quality.owed_answers (
    submission_id text primary key references raw.received_files deferrable initially deferred,
    owed_since timestamptz not null default now()
);

-- Builds

create table quality.builds (
    build_id text primary key,
    state_sha256 text,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome text check (outcome in ('published', 'refused', 'failed', 'overtaken', 'rolled_back')),
    rolled_back_at timestamptz,
    rolled_back_by text,
    rolled_back_because text,
    models_sha256 text,
    reference_sha256 text
);
create index builds_published on quality.builds (finished_at) where outcome = 'published';

create table quality.next_build (
    only_row boolean primary key default true check (only_row),
    build_id text not null,
    step text not null check (step in ('started', 'built', 'validated', 'published')),
    changed_at timestamptz not null default now()
);

create table quality.next_slices (
    schema_name text not null,
    table_name text not null,
    column_name text not null,
    made_anew integer[] not null,
    primary key (schema_name, table_name)
);

create table quality.published_tables (
    schema_name text not null,
    table_name text not null,
    primary key (schema_name, table_name)
);

create table undo.publication (
    only_row boolean primary key default true check (only_row),
    build_id text not null,
    refused_because text
);

create table undo.rows (
    schema_name text not null,
    table_name text not null,
    deleted_row text,
    inserted_key bytea,
    check (num_nonnulls(deleted_row, inserted_key) = 1)
);

create table quality.next_year_states (
    report_year integer primary key,
    state_sha256 text not null
);

create table quality.published_year_states (
    report_year integer primary key,
    state_sha256 text not null
);

-- Reminders

create table quality.reminders (
    report_year integer not null,
    reminder_code text not null,
    addressee text not null,
    state text not null check (state in ('nothing_owed', 'claimed', 'sent')),
    owed integer not null,
    message_id text,
    mailbox text,
    delivered_to text,
    decided_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (report_year, reminder_code, addressee)
);
