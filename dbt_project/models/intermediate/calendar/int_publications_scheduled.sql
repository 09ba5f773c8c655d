with

cycles as (
    select * from {{ ref('report_cycles') }}
),

phases as (
    select * from {{ ref('phases') }}
),

kinds as (
    select * from {{ ref('publication_kinds') }}
),

dated as (
    select
        'annual' as kind,
        cycles.report_year as period,
        cycles.report_year,
        cycles.phase,
        null::text as phase_name_vi,
        null::text as review_kind_vi,
        null::date as ends_on,
        cycles.province_due_before as due_before,
        cycles.locked_from as closes_on,
        cycles.units_due_before,
        cycles.deadline_is_inclusive,
        cycles.moves_to_next_working_day
    from cycles

    union all

    -- a review follows the rule of its last year
    select
        'phase_review',
        phases.phase,
        null,
        phases.phase,
        phases.name_vi,
        phases.review_kind_vi,
        phases.ends_on,
        phases.review_due_before,
        phases.review_due_before,
        cycles.units_due_before,
        cycles.deadline_is_inclusive,
        cycles.moves_to_next_working_day
    from phases
    inner join cycles on extract(year from phases.ends_on) = cycles.report_year
),

led as (
    select
        dated.*,
        {{ filled('kinds.name_vi', {'review': 'dated.review_kind_vi'}) }} as name_vi,
        kinds.lead_days,
        kinds.hour,
        {{ filled('kinds.deadline_rule_vi', {'review': 'dated.review_kind_vi'}) }} as deadline_rule_vi,
        {{ deadline('dated.due_before', 'dated.deadline_is_inclusive', 'dated.moves_to_next_working_day') }} as due_at,
        {{ deadline('dated.units_due_before', 'dated.deadline_is_inclusive', 'dated.moves_to_next_working_day') }}
            as units_due_at,
        {%- for due in ['units_due', 'due'] %}
        {{ deadline_day('dated.' ~ due ~ '_before', 'dated.deadline_is_inclusive', 'dated.moves_to_next_working_day') }}
            as {{ due }}_on{{ ',' if not loop.last }}
        {%- endfor %}
    from dated
    inner join kinds on dated.kind = kinds.kind
)

select
    led.*,
    -- a day that is not worked gives way to the working day before
    raw.working_day(due_on - lead_days, -1, {{ working_days() }}) as goes_on
from led
