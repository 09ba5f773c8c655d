with

checks as (
    select * from {{ ref('plan_checks') }}
),

reachable as (
    select * from {{ ref('int_target_ceilings_estimated') }}
),

targets as (
    select
        indicator_code,
        target_year,
        target,
        lag(target) over (partition by indicator_code order by target_year) as last_target
    from {{ ref('targets') }}
),

asked as (
    select
        'target_beyond_registry' as check_code,
        indicator_code || ' (' || target_year || ')' as subject,
        indicator_code,
        trim_scale(target)::text as value,
        most::text as expected,
        target > most as is_found
    from reachable
    where most is not null

    union all

    select
        'target_grows_fast',
        indicator_code || ' (' || target_year || ')',
        indicator_code,
        trim_scale(target)::text,
        trim_scale(last_target)::text,
        target > last_target * (select checks.threshold from checks where checks.check_code = 'target_grows_fast')
    from targets
    where last_target > 0

    union all

    select
        'baseline_without_snapshot',
        baselines.measured_on::text,
        null,
        baselines.measured_on::text,
        null,
        not exists (
            select 1 from {{ ref('stg_registry__snapshots') }} as snapshots
            where snapshots.speaks_of = baselines.measured_on
        )
    from {{ ref('baselines') }} as baselines
)

select
    asked.*,
    checks.level
    {%- for language in ['vi', 'en'] %},
    case
        when asked.is_found
            then replace(replace(replace(
                checks.message_{{ language }}, '{subject}', asked.subject),
            '{value}', asked.value),
            '{expected}', coalesce(asked.expected, ''))
    end as message_{{ language }}
    {%- endfor %}
from asked
inner join checks on asked.check_code = checks.check_code
