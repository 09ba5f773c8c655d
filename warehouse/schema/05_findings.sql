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

create table if not exists quality.owed_answers (
    submission_id text primary key references raw.received_files deferrable initially deferred,
    owed_since timestamptz not null default now()
);
comment on table quality.owed_answers is
    'Files that were loaded and whose marked copies are not in the outbox yet: a run that was ended, or an outbox that'
    ' could not be written, leaves them here for the next run. One row per file.';
