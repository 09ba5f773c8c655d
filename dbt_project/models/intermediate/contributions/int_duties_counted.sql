with

duties as (
    select * from {{ ref('int_duties_reported') }}
    where is_programme_ground
),

measures as (
    select * from {{ ref('measures') }}
    where duty_code is not null
),

-- a duty that is a state, not a number: under way or done
states as (
    select code from {{ ref('code_lists') }}
    where code_list = 'duty_statuses' and code in ('in_progress', 'done')
),

answered as (
    select
        measures.indicator_code,
        measures.measure_code,
        duties.report_year,
        duties.unit_uid,
        duties.submission_id,
        duties.row_number,
        measures.answer_field as field_code,
        case measures.answer_field
            when 'events' then duties.events
            when 'people' then duties.people
            when 'duty_status' then case when states.code is not null then 1 end
        end as contribution,
        -- a network counts once, however many units report it; websites are counted
        measures.unit <> '0/1'
        or row_number() over (
            partition by measures.indicator_code, measures.measure_code, duties.report_year
            order by states.code is null, duties.received_at, duties.file_name, duties.submission_id
        ) = 1 as counts_for_province
    from measures
    inner join duties on measures.duty_code = duties.duty_code
    left join states on duties.duty_status = states.code
    -- what is done once is done in all years after (int_lasting_duties_counted)
    where measures.indicator_code not in ('C16', 'C26')
),

counted as (
    {{ for_unit_and_province('answered', 'counts_for_province') }}
)

select
    indicator_code,
    measure_code,
    report_year,
    counted_for,
    'numerator' as part,
    submission_id,
    row_number,
    field_code,
    contribution::numeric as contribution
from counted
where contribution is not null
