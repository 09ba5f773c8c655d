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
