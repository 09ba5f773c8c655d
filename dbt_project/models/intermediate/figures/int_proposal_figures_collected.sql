with

outlook as (
    select * from {{ ref('int_phases_projected') }}
),

verdicts as (
    select * from {{ ref('int_verdicts_judged') }}
),

indicators as (
    select * from {{ ref('indicators') }}
),

odd as (
    select * from {{ ref('int_plan_checked') }}
    where check_code = 'target_grows_fast' and is_found
)

-- the figures of proposal_conditions.csv; nothing is proposed for a phase that no other follows, nor for duties that keep
-- books
select
    outlook.phase,
    outlook.indicator_code,
    figures.figure,
    figures.amount
from outlook
inner join verdicts using (indicator_code, report_year)
inner join indicators on outlook.indicator_code = indicators.indicator_code
left join odd on odd.subject = outlook.indicator_code || ' (' || outlook.next_target_year || ')'
cross join lateral (
    values
    ('has_target', (verdicts.target is not null)::integer::numeric),
    ('has_next_target', (outlook.next_target is not null)::integer),
    ('is_undecided', (verdicts.verdict = 'undecided')::integer),
    ('is_open', (verdicts.bound_kind = 'open')::integer),
    ('is_reached', (outlook.outlook in ('at_target', 'above_target'))::integer),
    ('is_paced', (outlook.pace_so_far is not null)::integer),
    ('is_percent', (indicators.unit = 'percent')::integer),
    ('can_rise', (not (indicators.unit = 'percent' and outlook.next_target >= 100))::integer),
    ('stands_still', (outlook.outlook = 'standing_still')::integer),
    ('pace_ratio', case when outlook.pace_so_far > 0 then outlook.pace_needed / outlook.pace_so_far end),
    ('next_achieved_pct', 100 * outlook.value / nullif(outlook.next_target, 0)),
    ('grows_fast', (odd.subject is not null)::integer),
    ('limit_room', outlook.limit_value - outlook.next_target)
) as figures (figure, amount)
where
    outlook.phase < (select max(phases.phase) from {{ ref('phases') }} as phases)
    and indicators.reported_as = 'target'
