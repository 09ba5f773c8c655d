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
comment on table quality.schema_versions is 'The one version of schema/*.sql that these tables were made by. One row.';
