-- Rules that both Python and dbt apply, defined here once. Published figures were computed with them: correct a rule
-- by a new function, so that older figures can still be reproduced.

create or replace function raw.midnight(day date) returns timestamptz
language sql immutable parallel safe
return day::timestamp at time zone 'Asia/Ho_Chi_Minh';
comment on function raw.midnight is 'The instant at which a day begins in Viet Nam.';

create or replace function raw.deadline_day(due_before date, moves_to_next_working_day boolean) returns date
language sql immutable parallel safe
return due_before + case
    when moves_to_next_working_day and extract(isodow from due_before) > 5 then 8 - extract(isodow from due_before)::integer
    else 0
end;
comment on function raw.deadline_day is 'The day of a deadline: moved from a weekend to Monday where the cycle says so.';

create or replace function raw.deadline(due_before date, is_inclusive boolean, moves_to_next_working_day boolean)
returns timestamptz language sql immutable parallel safe
return raw.midnight(raw.deadline_day(due_before, moves_to_next_working_day) + is_inclusive::integer);
comment on function raw.deadline is
    'The instant before which something is on time: midnight in Viet Nam of the day of the deadline, a day later where'
    ' the day itself still counts (plan VI; decision A15).';

create or replace function raw.normalised_name(name text) returns text language sql immutable parallel safe
return lower(regexp_replace(btrim(normalize(name, nfc)), '\s+', ' ', 'g'));
comment on function raw.normalised_name is
    'A name for comparing: NFC, runs of blanks as one, in lower case; diacritics tell names apart.';

create or replace function raw.issued_group_code(group_name text, commune_uid text) returns text
language sql immutable parallel safe
return 'THT-' || upper(left(md5(raw.normalised_name(group_name) || '|' || coalesce(commune_uid, '')), 8));
comment on function raw.issued_group_code is
    'The code issued to a group that has none: a hash of its name and of the last successor of its commune, so that'
    ' every build issues the same code.';

-- Security definer: PostgreSQL shows a login the beginning of its own transactions alone.
create or replace function quality.lock_holders(locked text)
returns table (pid integer, login text, since timestamptz)
language sql stable security definer set search_path to pg_catalog, pg_temp
begin atomic
    select pg_locks.pid, pg_stat_activity.usename::text, pg_stat_activity.xact_start
    from pg_catalog.pg_locks
    inner join pg_catalog.pg_stat_activity on pg_locks.pid = pg_stat_activity.pid
    where
        relation = to_regclass(locked) and datname = current_database() and granted
        and mode = any('{ShareUpdateExclusiveLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}')
    order by xact_start;
end;
comment on function quality.lock_holders is 'The sessions that keep others from a lock of warehouse/locks.py.';
