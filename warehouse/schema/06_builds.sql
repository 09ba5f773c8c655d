-- Builds

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

-- Builds of some years were given up; their staging views go with what they read.
drop table if exists quality.next_slices, quality.next_year_states, quality.published_year_states cascade;
drop function if exists quality.published_identities, quality.published_verdicts, quality.published_indicator_totals
    cascade;
