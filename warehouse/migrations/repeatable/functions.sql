-- Rules that both Python and dbt apply, defined here once. Published figures were computed with them: correct a rule
-- by a new function, so that older figures can still be reproduced.

create or replace function raw.midnight(day date) returns timestamptz
language sql immutable parallel safe
return day::timestamp at time zone 'Asia/Ho_Chi_Minh';
comment on function raw.midnight is 'The instant at which a day begins in Viet Nam.';

create or replace function raw.working_day(day date, step integer, days_off date[], days_worked date[]) returns date
language sql immutable parallel safe
return (
    select day + step * days from generate_series(0, 366) as days
    where day + step * days = any(days_worked)
        or (extract(isodow from day + step * days) < 6 and day + step * days <> all(days_off))
    order by days limit 1
);
comment on function raw.working_day is
    'The day itself if it is worked, else the next (step 1) or last (step -1) working day: no Saturday or Sunday, unless'
    ' it is worked instead of another day, and none of the days off (non_working_days.csv).';

create or replace function raw.deadline_day(
    due_before date, is_inclusive boolean, moves boolean, days_off date[], days_worked date[]
) returns date language sql immutable parallel safe
return case
    when moves
        then raw.working_day(due_before - 1 + is_inclusive::integer, 1, days_off, days_worked) + 1 - is_inclusive::integer
    else due_before
end;
comment on function raw.deadline_day(date, boolean, boolean, date[], date[]) is
    'The day of a deadline. Where the cycle says that it moves, its last punctual day becomes the next working day.';

create or replace function raw.deadline(
    due_before date, is_inclusive boolean, moves boolean, days_off date[], days_worked date[]
) returns timestamptz language sql immutable parallel safe
return raw.midnight(
    raw.deadline_day(due_before, is_inclusive, moves, days_off, days_worked) + is_inclusive::integer
);
comment on function raw.deadline(date, boolean, boolean, date[], date[]) is
    'The instant before which something is on time: midnight in Viet Nam of the day of the deadline, a day later where'
    ' the day itself still counts (plan VI; decision A15).';

-- The rule of builds before 0.4.0, for figures of their day.
create or replace function raw.deadline_day(due_before date, moves_to_next_working_day boolean) returns date
language sql immutable parallel safe
return due_before + case
    when moves_to_next_working_day and extract(isodow from due_before) > 5 then 8 - extract(isodow from due_before)::integer
    else 0
end;
comment on function raw.deadline_day(date, boolean) is
    'Before 0.4.0: the day of a deadline, moved from a weekend to Monday where the cycle says so.';

create or replace function raw.deadline(due_before date, is_inclusive boolean, moves_to_next_working_day boolean)
returns timestamptz language sql immutable parallel safe
return raw.midnight(raw.deadline_day(due_before, moves_to_next_working_day) + is_inclusive::integer);
comment on function raw.deadline(date, boolean, boolean) is
    'Before 0.4.0: the instant before which something is on time.';

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
