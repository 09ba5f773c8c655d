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

create or replace function quality.published_verdicts()
returns table (indicator_code text, report_year integer, target_year integer, verdict text)
language plpgsql stable as $$
begin
    if to_regclass('marts.fct_indicator_verdicts') is null then
        return;
    end if;
    return query
        select v.indicator_code, v.report_year, v.target_year, v.verdict from marts.fct_indicator_verdicts as v;
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
