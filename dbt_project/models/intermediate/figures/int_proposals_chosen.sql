with

figures as (
    select * from {{ ref('int_proposal_figures_collected') }}
),

rules as (
    select * from {{ ref('proposal_rules') }}
),

conditions as (
    select * from {{ ref('proposal_conditions') }}
),

-- a rule applies when all its conditions hold; an unknown figure does not
asked as (
    select
        figures.phase,
        figures.subject_code,
        rules.rule_code,
        rules.topic,
        rules.position,
        bool_and(coalesce(
            case conditions.comparator
                when '=' then figures.amount = conditions.threshold
                when '<' then figures.amount < conditions.threshold
                when '<=' then figures.amount <= conditions.threshold
                when '>' then figures.amount > conditions.threshold
                when '>=' then figures.amount >= conditions.threshold
            end,
            false
        )) and count(*) = (
            select count(*) from conditions as all_of_rule where all_of_rule.rule_code = rules.rule_code
        ) as applies,
        string_agg(
            figures.figure || ' = ' || trim_scale(round(figures.amount, 4)) || ' (' || conditions.comparator || ' '
            || trim_scale(conditions.threshold) || ')',
            '; ' order by figures.figure
        ) as figures
    from rules
    inner join conditions on rules.rule_code = conditions.rule_code
    inner join figures on rules.topic = figures.topic and conditions.figure = figures.figure
    group by figures.phase, figures.subject_code, rules.rule_code, rules.topic, rules.position
)

select distinct on (phase, topic, subject_code) * from asked
where applies
order by phase, topic, subject_code, position
