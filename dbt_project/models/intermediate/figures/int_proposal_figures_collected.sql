with

outlook as (
    select * from {{ ref('int_phases_projected') }}
),

indicators as (
    select * from {{ ref('indicators') }}
),

duties as (
    select
        *,
        sum(done_units + in_progress_units) over (partition by phase, duty_code) as begun_in_phase
    from {{ ref('int_phase_duties_counted') }}
),

odd as (
    select * from {{ ref('int_plan_checked') }}
    where check_code = 'target_grows_fast' and is_found
),

-- duties that keep books are no matter of proposals
of_targets as (
    select
        outlook.phase,
        'target' as topic,
        outlook.indicator_code as subject_code,
        figures.figure,
        figures.amount
    from outlook
    inner join indicators on outlook.indicator_code = indicators.indicator_code
    left join odd on odd.subject = outlook.indicator_code || ' (' || outlook.next_target_year || ')'
    cross join lateral (
        values
        ('has_target', (outlook.target is not null)::integer::numeric),
        ('has_next_target', (outlook.next_target is not null)::integer),
        ('is_undecided', (outlook.verdict = 'undecided')::integer),
        ('is_open', (outlook.bound_kind = 'open')::integer),
        ('is_reached', (outlook.outlook in ('at_target', 'above_target'))::integer),
        ('is_paced', (outlook.pace_so_far is not null)::integer),
        ('is_percent', (indicators.unit = 'percent')::integer),
        ('asks_for_all', (indicators.unit = 'percent' and outlook.next_target = 100)::integer),
        ('stands_still', (outlook.outlook = 'standing_still')::integer),
        ('pace_ratio', case when outlook.pace_so_far > 0 then outlook.pace_needed / outlook.pace_so_far end),
        ('next_achieved_pct', 100 * outlook.value / nullif(outlook.next_target, 0)),
        ('grows_fast', (odd.subject is not null)::integer),
        ('limit_room', outlook.limit_value - outlook.next_target),
        ('limit_is_most', outlook.limit_is_most::integer),
        ('expected_target', outlook.expected_target),
        ('expected_room', outlook.expected_target - outlook.next_target),
        ('room_at_best', outlook.expected_at_best - outlook.next_target)
    ) as figures (figure, amount)
    where indicators.reported_as = 'target'
),

-- by the last year of the phase that has reports; what was begun in an earlier year is begun
of_duties as (
    select
        duties.phase,
        'duty' as topic,
        duties.duty_code as subject_code,
        figures.figure,
        figures.amount
    from duties
    cross join lateral (
        values
        ('assigned_units', duties.assigned_units::numeric),
        ('reported_pct', 100.0 * duties.reported_units / nullif(duties.assigned_units, 0)),
        ('begun_pct', 100.0 * (duties.done_units + duties.in_progress_units) / nullif(duties.reported_units, 0)),
        ('begun_units', duties.begun_in_phase)
    ) as figures (figure, amount)
    where duties.is_last_year
),

collected as (
    select * from of_targets
    union all
    select * from of_duties
)

-- the figures of proposal_conditions.csv; nothing is proposed for a phase that no other follows
select * from collected
where phase < (select max(phases.phase) from {{ ref('phases') }} as phases)
