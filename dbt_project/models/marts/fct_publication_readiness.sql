with

dates as (
    select * from {{ ref('int_publications_scheduled') }}
),

units as (
    select * from {{ ref('int_units_reported') }}
    where is_mandatory
),

names as (
    select * from {{ ref('int_units_named') }}
),

words as (
    select * from {{ ref('code_lists') }}
    where code_list = 'deadline_rules'
),

-- of a phase every report of its years is expected
counted as (
    select
        dates.kind,
        dates.period,
        count(units.unit_uid) as expected_units,
        count(*) filter (where units.has_report) as received_units,
        string_agg(
            names.unit_name_vi || case when dates.kind = 'annual' then '' else ' (' || units.report_year || ')' end,
            '; ' order by units.report_year, units.unit_uid
        ) filter (where not units.has_report) as missing_units,
        count(*) filter (where units.has_report and units.open_queries = 0) as clean_units,
        count(*) filter (where units.rejected_submission_id is not null) as units_with_errors,
        count(*) filter (where units.open_queries > 0) as units_with_open_queries,
        coalesce(sum(units.open_queries), 0) as open_queries
    from dates
    left join units
        on dates.phase = units.phase and coalesce(dates.report_year, units.report_year) = units.report_year
    left join names on units.unit_uid = names.unit_uid
    group by dates.kind, dates.period
),

joined as (
    select
        dates.kind,
        dates.period,
        dates.report_year,
        dates.phase,
        dates.units_due_at,
        dates.due_at,
        {{ filled('dates.name_vi', {'period': 'dates.period::text', 'phase': 'lower(dates.phase_name_vi)'}) }} as name_vi,
        counted.expected_units,
        counted.received_units,
        counted.missing_units,
        counted.clean_units,
        counted.units_with_errors,
        counted.units_with_open_queries,
        counted.open_queries,
        counted.expected_units > 0 and counted.clean_units = counted.expected_units as is_complete,
        {{ filled('dates.deadline_rule_vi', {
            'units_rule': filled('rules.label_vi', {'day': day_vi('dates.units_due_on')}),
            'rule': filled('rules.label_vi', {'day': day_vi('dates.due_on')}),
            'weekend_rule': 'weekend_rules.label_vi',
            'hour': "to_char(dates.hour, 'FM00')",
            'goes_on': day_vi('dates.goes_on'),
            'lead_days': "to_char(dates.lead_days, 'FM00')",
            'ends_on': day_vi('dates.ends_on'),
        }) }} as deadline_rule_vi,
        {{ midnight('dates.goes_on') }} + make_interval(hours => dates.hour) as goes_at,
        {{ midnight('dates.closes_on') }} as closes_at,
        {{ midnight('dates.ends_on + 1') }} as opens_at
    from dates
    inner join counted using (kind, period)
    left join words as rules
        on rules.code = case when dates.deadline_is_inclusive = 'yes' then 'including' else 'before' end
    left join words as weekend_rules
        on weekend_rules.code = case when dates.moves_to_next_working_day = 'yes' then 'moves' else 'stays' end
)

{{ contracted('joined') }}
