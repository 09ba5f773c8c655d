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
alter table raw.publications add column if not exists version text check (version ~ '^\d+\.\d+\.\d+$');
alter table raw.publications add column if not exists supersedes text references raw.publications;
alter table raw.publications add column if not exists forced_because text check (forced_because ~ '\S');
alter table raw.publications add column if not exists missing_units text[];
alter table raw.publications add column if not exists readiness jsonb;
alter table raw.publications add column if not exists tables_sha256 jsonb;
create unique index if not exists publications_version
on raw.publications (kind, coalesce(report_year, phase), version) where version is not null;
comment on table raw.publications is
    'Reports that the province has sent, and what their figures were made of. Never changed. One row per publication.';
comment on column raw.publications.published_at is 'The instant as of which it speaks: received_by of its figures.';
comment on column raw.publications.recorded_at is 'When we kept its figures: seen_by of them.';
comment on column raw.publications.figures_sha256 is 'Of the rows of publication_figures and publication_verdicts.';
comment on column raw.publications.state_sha256 is 'State of the data that was public then (quality.builds).';
comment on column raw.publications.models_sha256 is 'The code of its figures (raw.model_versions).';
comment on column raw.publications.reference_sha256 is 'The reference data of its figures (raw.reference_versions).';
comment on column raw.publications.version is
    'major.minor.patch of a report that was published here; null for one that was sent elsewise, and recorded.';
comment on column raw.publications.supersedes is 'The publication whose place it takes: the version before it.';
comment on column raw.publications.forced_because is 'Why it was published although it was not ready, as it prints.';
comment on column raw.publications.missing_units is 'Names of the mandatory units whose reports it lacks, as it prints.';
comment on column raw.publications.readiness is 'Its row of reports.rpt_publication_readiness as it stood then.';
comment on column raw.publications.tables_sha256 is
    '{table of the documents: hash of its rows}; what publications themselves move is left out.';

-- Deferred, since the publication itself is written last: its hash is that of these rows.
create table if not exists raw.publication_inputs (
    publication_id text not null references raw.publications deferrable initially deferred,
    kind text not null,
    input_id text not null,
    received_at timestamptz,
    file_name text,
    verdict text,
    primary key (publication_id, kind, input_id)
);
alter table raw.publication_inputs drop constraint if exists publication_inputs_kind_check;
alter table raw.publication_inputs add constraint publication_inputs_kind_check
    check (kind in ('file', 'snapshot', 'publication', 'sending'));
comment on table raw.publication_inputs is
    'What the figures of a publication were made of, as it stood then. One row per publication and file, snapshot of'
    ' the registry, earlier publication or sending of one.';

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

create table if not exists raw.publication_documents (
    publication_id text not null references raw.publications deferrable initially deferred,
    recipient text not null,
    format text not null check (format in ('docx', 'xlsx', 'html')),
    file_name text not null,
    sha256 text not null,
    content bytea not null,
    primary key (publication_id, recipient, format)
);
-- Documents are compressed already, but for the page.
alter table raw.publication_documents alter column content set storage external;
comment on table raw.publication_documents is
    'Documents as they were published. Never changed. One row per publication, recipient and format.';

create table if not exists raw.publication_changes (
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
comment on table raw.publication_changes is
    'What a version has otherwise than the version before it, the province first. Never changed.'
    ' One row per publication and change: of an indicator or unit that came or went, a column of a figure, a table.';
comment on column raw.publication_changes.column_name is
    'The column of the figure; of a table of the documents that says other words, its name.';
comment on column raw.publication_changes.reason is
    'new_files: what was received since; new_registry: a snapshot of the registry; changed_reference: decisions and'
    ' other rows of CSV files; changed_code: the models; publications: reports published or sent since.';
comment on column raw.publication_changes.cause is 'The files, rows or models in question.';
comment on column raw.publication_changes.cell is
    'With submission_id to cell_new_value: the first cell that moved the figure, in the file that brought it.';
comment on column raw.publication_changes.cell_old_value is 'As sent in the file that counted before; null: no row was there.';

-- Before this table a publication was one that had been sent to its recipient.
do $$
begin
    if to_regclass('raw.publication_sendings') is not null then
        return;
    end if;
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
    insert into raw.publication_sendings (publication_id, recipient, sent_at, recorded_at)
        select publication_id, recipient, published_at, recorded_at from raw.publications where recipient is not null;
end $$;
comment on table raw.publication_sendings is
    'To whom a publication was sent, and who decided it. T17 and T18 count these. Never changed. One row per publication'
    ' and recipient.';
comment on column raw.publication_sendings.recipient is 'Code of the recipient, as whoever recorded it called it.';
comment on column raw.publication_sendings.sent_at is 'When it was sent.';
comment on column raw.publication_sendings.decided_by is 'The person who approved it, or who recorded that it was sent.';
comment on column raw.publication_sendings.channel is 'How it was sent: mail, file, or recorded where somebody else sent it.';
comment on column raw.publication_sendings.recorded_at is 'When we wrote it down: seen_by of it.';

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
        'publication_figures', 'publication_verdicts', 'publication_documents', 'publication_changes',
        'publication_sendings'
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
    'The targets under every option of every switchable decision, of the years that the last build made anew; worked'
    ' out after dbt, read by what is published. One row per decision, option, indicator and report year.';
