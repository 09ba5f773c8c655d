-- Rights of each group. Idempotent. Run by the owner of the database, with the right to create roles (htx roles).
--
--   htx_ingestion       reads and writes raw and quality
--   htx_transformation  reads raw, owns what dbt and promoting create, logs builds in quality
--   htx_analyst         reads marts and reports
--   htx_bi              reads bi
--
-- quality.findings quotes cells as sent, so only the first two may read it.

create schema if not exists marts;
create schema if not exists reports;
create schema if not exists bi;

do $$
declare
    groups constant text[] := array['htx_ingestion', 'htx_transformation', 'htx_analyst', 'htx_bi'];
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
        exception when duplicate_object then null;
        end;
    end loop;
    if not (select rolsuper from pg_roles where rolname = current_user) then
        -- an owner who is no superuser must be a member of the group that becomes owner of tables
        execute format('grant htx_transformation to %I', current_user);
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
            'alter default privileges for role %I in schema bi grant select on tables to htx_bi', creator
        );
        execute format(
            'alter default privileges for role %I in schema quality'
            ' grant select, insert, update, delete on tables to htx_ingestion, htx_transformation',
            creator
        );
    end loop;
end
$$;

alter default privileges in schema raw grant select, insert, update on tables to htx_ingestion;
alter default privileges in schema raw grant select on tables to htx_transformation;
alter default privileges in schema raw grant execute on routines to htx_ingestion, htx_transformation;

grant execute on all routines in schema public to htx_ingestion, htx_transformation;

grant usage on schema raw to htx_ingestion, htx_transformation;
grant select, insert, update on all tables in schema raw to htx_ingestion;
grant delete on raw.sheets to htx_ingestion;
grant select on all tables in schema raw to htx_transformation;
-- rules that ingestion and dbt share
grant execute on all routines in schema raw to htx_ingestion, htx_transformation;
-- append only: what a build was made from, and the figures of a publication
grant insert on
    raw.model_versions, raw.reference_contents, raw.reference_versions, raw.publications, raw.publication_inputs,
    raw.publication_figures, raw.publication_verdicts, raw.publication_documents, raw.publication_changes,
    raw.publication_sendings
to htx_transformation;

grant usage on schema quality to htx_ingestion, htx_transformation;
grant create on schema quality to htx_transformation;
grant select, insert, update, delete on all tables in schema quality to htx_ingestion, htx_transformation;
revoke insert, update, delete on quality.schema_versions, quality.alembic_version from htx_ingestion, htx_transformation;

grant usage on schema undo to htx_transformation;
grant all on all tables in schema undo to htx_transformation;

grant usage on schema marts, reports to htx_analyst;
grant select on all tables in schema marts, reports to htx_analyst;
grant execute on all routines in schema marts, reports to htx_analyst;

grant usage on schema bi to htx_bi;
grant select on all tables in schema bi to htx_bi;

-- Settings of a group are not inherited by its members: they are set for each login.
do $$
declare
    member record;
begin
    for member in
        select logins.rolname as name, groups.rolname as group_name
        from pg_auth_members as memberships
        inner join pg_roles as logins on memberships.member = logins.oid
        inner join pg_roles as groups on memberships.roleid = groups.oid
        where groups.rolname = any('{htx_transformation,htx_analyst,htx_bi}')
            and logins.rolcanlogin and not logins.rolsuper and not logins.rolcreaterole
    loop
        if member.group_name = 'htx_transformation' then
            -- so that its tables belong to the group
            execute format(
                'alter role %I in database %I set role = %L', member.name, current_database(), member.group_name
            );
        else
            -- so that all statements of a transaction see one version (snapshot isolation)
            execute format(
                'alter role %I in database %I set default_transaction_isolation = %L',
                member.name, current_database(), 'repeatable read'
            );
        end if;
    end loop;
end
$$;
