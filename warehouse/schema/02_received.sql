-- Files and what was read in them

create table if not exists raw.files (
    sha256 text primary key,
    content bytea,
    byte_count bigint not null
);
-- Workbooks are compressed already: trying it again costs as much as writing them.
alter table raw.files alter column content set storage external;
comment on table raw.files is
    'Bytes of every file received, unchanged. content is null where they must not be kept (lists of persons), and of'
    ' files over the bound, of which hash and byte_count are those of the part that was read. One row per content.';

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
