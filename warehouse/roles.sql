-- Rights of each group. Idempotent. Run by the owner of the database, with the right to create roles (htx roles).
--
--   htx_ingestion       reads raw and quality, writes what was received
--   htx_transformation  reads raw, owns what dbt and promoting create, logs builds in quality, adds publications
--   htx_analyst         reads marts, reports and bi
--   htx_bi              reads bi
--   htx_reader          reads what builds read; has no logins: SQL of earlier builds runs with its rights
--
-- quality.findings quotes cells as sent, so only the first two may read it. Nobody writes a table that is not named here.

create schema if not exists marts;
create schema if not exists reports;
create schema if not exists bi;

do $$
declare
    groups constant text[] := array['htx_ingestion', 'htx_transformation', 'htx_analyst', 'htx_bi', 'htx_reader'];
    made_by_builds constant text[] := array[
        'staging', 'intermediate', 'reference', 'marts', 'reports', 'bi',
        'next_marts', 'next_reports', 'next_bi', 'next_quality'
    ];
    ours constant text[] := made_by_builds || array['raw', 'quality', 'undo', 'public'];
    group_name text;
    schema_name text;
    owned record;
    creator text;
begin
    foreach group_name in array groups loop
        begin
            execute format('create role %I nologin', group_name);
        exception when duplicate_object or unique_violation then null; -- the latter while another session creates it
        end;
    end loop;
    if not (select rolsuper from pg_roles where rolname = current_user) then
        -- an owner who is no superuser must be a member of the group that becomes owner of tables
        execute format('grant htx_transformation, htx_reader to %I', current_user);
    end if;

    -- Rights that PostgreSQL grants to everybody by default
    execute format('revoke temporary on database %I from public', current_database());
    foreach schema_name in array ours loop
        if to_regnamespace(schema_name) is not null then
            execute format('revoke all on schema %I from public', schema_name);
            execute format('revoke all on all tables in schema %I from public', schema_name);
            execute format('revoke execute on all routines in schema %I from public', schema_name);
        end if;
    end loop;
    grant usage on schema public to public;

    -- Tables of builds belong to one group, whichever login ran them
    execute format('grant create, temporary on database %I to htx_transformation', current_database());
    execute format( -- in case it was revoked from everybody
        'grant connect on database %I to htx_ingestion, htx_transformation, htx_analyst, htx_bi', current_database()
    );
    execute format('grant temporary on database %I to htx_analyst', current_database());
    foreach schema_name in array made_by_builds loop
        if to_regnamespace(schema_name) is not null then
            execute format('alter schema %I owner to htx_transformation', schema_name);
        end if;
    end loop;
    for owned in
        select relations.oid::regclass as name
        from pg_class as relations
        where relations.relnamespace = any(
                select oid from pg_namespace where nspname = any(made_by_builds)
            )
            and relations.relkind = any('{r,p,v,m}')
            and relations.relowner <> 'htx_transformation'::regrole
    loop
        execute format('alter table %s owner to htx_transformation', owned.name);
    end loop;
    for owned in
        select routines.oid::regprocedure as name
        from pg_proc as routines
        where routines.pronamespace = any(select oid from pg_namespace where nspname = any(made_by_builds))
            and routines.proowner <> 'htx_transformation'::regrole
    loop
        execute format('alter routine %s owner to htx_transformation', owned.name);
    end loop;

    -- Default rights on later tables, for the same groups
    foreach creator in array array[current_user::text, 'htx_transformation'] loop
        execute format('alter default privileges for role %I revoke execute on routines from public', creator);
        foreach schema_name in array array['marts', 'reports'] loop
            execute format(
                'alter default privileges for role %I in schema %I grant select on tables to htx_analyst',
                creator, schema_name
            );
            execute format(
                'alter default privileges for role %I in schema %I grant execute on routines to htx_analyst',
                creator, schema_name
            );
        end loop;
        execute format(
            'alter default privileges for role %I in schema bi grant select on tables to htx_analyst, htx_bi', creator
        );
        execute format(
            'alter default privileges for role %I in schema quality'
            ' revoke insert, update, delete on tables from htx_ingestion',
            creator
        );
        execute format(
            'alter default privileges for role %I in schema quality grant select on tables to htx_ingestion', creator
        );
        execute format(
            'alter default privileges for role %I in schema quality'
            ' grant select, insert, update, delete on tables to htx_transformation',
            creator
        );
        execute format('alter default privileges for role %I grant usage on schemas to htx_reader', creator);
        execute format('alter default privileges for role %I grant select on tables to htx_reader', creator);
    end loop;
    foreach schema_name in array made_by_builds || array['raw', 'quality'] loop
        if to_regnamespace(schema_name) is not null then
            execute format('grant usage on schema %I to htx_reader', schema_name);
            execute format('grant select on all tables in schema %I to htx_reader', schema_name);
        end if;
    end loop;
end
$$;

alter default privileges in schema raw revoke insert, update on tables from htx_ingestion;
alter default privileges in schema raw grant select on tables to htx_ingestion, htx_transformation;
alter default privileges in schema raw grant execute on routines to htx_ingestion, htx_transformation, htx_reader;

grant execute on all routines in schema public to htx_ingestion, htx_transformation;

grant usage on schema raw to htx_ingestion, htx_transformation;
revoke all on all tables in schema raw from htx_ingestion, htx_transformation;
grant select on all tables in schema raw to htx_ingestion, htx_transformation;
grant insert, update on raw.files, raw.received_files, raw.lock_exceptions, raw.registry_snapshots to htx_ingestion;
grant insert, update on raw.inbox_sightings, raw.inbox_looks, raw.mails to htx_ingestion;
grant insert on
    raw.receipts, raw.receipt_amendments, raw.lock_exception_uses, raw.sheet_rows,
    raw.registry_contents, raw.registry_cooperatives, raw.registry_managers, raw.registry_classifications,
    raw.mail_files
to htx_ingestion;
grant insert, delete on raw.sheets to htx_ingestion;
-- rules that ingestion and dbt share
grant execute on all routines in schema raw to htx_ingestion, htx_transformation, htx_reader;
-- append only: what a build was made from, and the figures of a publication
grant insert on
    raw.model_versions, raw.reference_contents, raw.reference_versions, raw.publications, raw.publication_inputs,
    raw.publication_figures, raw.publication_verdicts, raw.publication_documents, raw.publication_changes,
    raw.publication_sendings, raw.publication_priority_counts, raw.publication_states, raw.publication_files,
    raw.accepted_verdicts
to htx_transformation;

grant usage on schema quality to htx_ingestion, htx_transformation;
grant create on schema quality to htx_transformation;
revoke all on all tables in schema quality from htx_ingestion;
grant select on all tables in schema quality to htx_ingestion;
grant insert, update, delete on
    quality.file_findings, quality.marked_copies, quality.owed_answers, quality.owed_letters,
    quality.reminders
to htx_ingestion;
grant insert on quality.mailings to htx_ingestion;
grant select, insert, update, delete on all tables in schema quality to htx_transformation;
revoke insert, update, delete on quality.schema_versions, quality.alembic_version from htx_transformation;
revoke update, delete on quality.mailings from htx_transformation;
grant execute on all routines in schema quality to htx_ingestion, htx_transformation;

-- See warehouse/restate/stored_sql.py
create or replace function quality.restate(query text) returns setof text
language plpgsql security definer set search_path to pg_catalog, pg_temp as $$
begin
    if not current_setting('transaction_read_only')::boolean then
        raise 'quality.restate runs in a read-only transaction' using errcode = 'read_only_sql_transaction';
    end if;
    return query execute query;
end
$$;
revoke execute on function quality.restate from public;
-- ingestion asks senders at once what the models behind findings would ask them
grant execute on function quality.restate to htx_ingestion, htx_transformation;
grant create on schema quality to htx_reader;
alter function quality.restate owner to htx_reader;
revoke create on schema quality from htx_reader;

grant usage on schema undo to htx_transformation;
revoke all on all tables in schema undo from htx_transformation;
grant select, insert, update, delete, truncate on all tables in schema undo to htx_transformation;

grant usage on schema marts, reports to htx_analyst;
grant select on all tables in schema marts, reports to htx_analyst;
grant execute on all routines in schema marts, reports to htx_analyst;

grant usage on schema bi to htx_analyst, htx_bi;
grant select on all tables in schema bi to htx_analyst, htx_bi;

-- Bounds and settings. Those of a group are not inherited by its members: they are set for each login. A login may lift
-- its own timeouts, but not its number of connections, nor its temporary files.
do $$
declare
    is_superuser constant boolean := (select rolsuper from pg_roles where rolname = current_user);
    member record;
begin
    for member in
        select logins.rolname as name, settings.name as setting, settings.value
        from pg_auth_members as memberships
        inner join pg_roles as logins on memberships.member = logins.oid
        inner join pg_roles as groups on memberships.roleid = groups.oid
        inner join (values
            ('htx_ingestion', 'connection limit', '20'),
            ('htx_ingestion', 'statement_timeout', '1h'),
            ('htx_ingestion', 'idle_in_transaction_session_timeout', '1h'),
            ('htx_ingestion', 'temp_file_limit', '10GB'),
            -- so that its tables belong to the group
            ('htx_transformation', 'role', 'htx_transformation'),
            ('htx_transformation', 'connection limit', '40'),
            ('htx_transformation', 'statement_timeout', '2h'),
            ('htx_transformation', 'idle_in_transaction_session_timeout', '2h'),
            ('htx_transformation', 'temp_file_limit', '20GB'),
            -- so that all statements of a transaction see one version (snapshot isolation)
            ('htx_analyst', 'default_transaction_isolation', 'repeatable read'),
            -- so that \d and names without a schema find what the login may read
            ('htx_analyst', 'search_path', 'bi, reports, marts'),
            ('htx_analyst', 'connection limit', '10'),
            ('htx_analyst', 'statement_timeout', '15min'),
            ('htx_analyst', 'idle_in_transaction_session_timeout', '15min'),
            ('htx_analyst', 'lock_timeout', '1min'),
            ('htx_analyst', 'temp_file_limit', '5GB'),
            ('htx_bi', 'default_transaction_isolation', 'repeatable read'),
            ('htx_bi', 'search_path', 'bi'),
            ('htx_bi', 'connection limit', '20'),
            ('htx_bi', 'statement_timeout', '5min'),
            ('htx_bi', 'idle_in_transaction_session_timeout', '5min'),
            ('htx_bi', 'lock_timeout', '1min'),
            ('htx_bi', 'temp_file_limit', '1GB')
        ) as settings (group_name, name, value) on groups.rolname = settings.group_name
        where logins.rolcanlogin and not logins.rolsuper and not logins.rolcreaterole
    loop
        if member.setting = 'connection limit' then
            execute format('alter role %I connection limit %s', member.name, member.value);
        elsif member.setting <> 'temp_file_limit' or is_superuser then
            execute format(
                'alter role %I in database %I set %I = %s', member.name, current_database(), member.setting,
                (select string_agg(quote_literal(part), ', ') from string_to_table(member.value, ', ') as part)
            );
        end if;
    end loop;
    if not is_superuser then
        raise warning 'temp_file_limit is set by a superuser alone: see docs/operations.md';
    end if;
end
$$;

-- What only a superuser may do
do $$
declare
    database_name text;
begin
    foreach database_name in array array['airflow', 'postgres', 'template1'] loop
        if exists (select from pg_database where datname = database_name) then
            if has_database_privilege('public', database_name, 'connect, temporary') then
                execute format('revoke connect, temporary on database %I from public', database_name);
            end if;
        end if;
    end loop;
    revoke execute on function lo_creat, lo_create, lo_from_bytea from public; -- they fill the disk, and have no bound
    -- so that a promotion that changes columns ends the sessions of readers who go on for too long
    grant pg_signal_backend to htx_transformation;
    if to_regrole('pg_use_reserved_connections') is not null then -- PostgreSQL 16 or newer
        grant pg_use_reserved_connections to htx_ingestion, htx_transformation;
    end if;
exception when insufficient_privilege then
    raise warning 'htx roles: % (a superuser does the rest: docs/operations.md)', sqlerrm;
end
$$;
