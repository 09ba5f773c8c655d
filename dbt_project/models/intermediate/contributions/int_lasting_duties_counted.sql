with

duties as (
    select * from {{ ref('int_duties_reported') }}
    where is_programme_ground and duty_status = 'done'
),

measures as (
    select * from {{ ref('measures') }}
    where indicator_code in ('C16', 'C26') and duty_code is not null
),

unit_years as (
    select * from {{ ref('int_unit_years_summarised') }}
),

-- the first report of a unit with status done: it stays done, and its people count once
first_done as (
    select distinct on (measures.indicator_code, measures.measure_code, duties.unit_uid)
        measures.indicator_code,
        measures.measure_code,
        duties.unit_uid,
        duties.report_year,
        duties.received_at,
        duties.submission_id,
        duties.row_number,
        measures.answer_field as field_code,
        case when measures.answer_field = 'people' then duties.people else 1 end as contribution
    from measures
    inner join duties on measures.duty_code = duties.duty_code
    order by measures.indicator_code, measures.measure_code, duties.unit_uid, duties.report_year
),

ranked as (
    select
        first_done.*,
        row_number() over (partition by measure_code order by report_year, received_at, submission_id) as place_in_line
    from first_done
),

counted as (
    select
        ranked.*,
        unit_years.report_year as evaluated_year,
        ranked.unit_uid as counted_for
    from ranked
    inner join unit_years on ranked.unit_uid = unit_years.unit_uid and ranked.report_year <= unit_years.report_year
    where ranked.indicator_code <> 'C26' or unit_years.is_territorial

    union all

    -- the survey was held when one unit held it; plans are counted over the units of the year
    select
        ranked.*,
        report_years.report_year as evaluated_year,
        'province' as counted_for
    from ranked
    inner join {{ ref('int_years_reported') }} as report_years on ranked.report_year <= report_years.report_year
    left join unit_years
        on ranked.unit_uid = unit_years.unit_uid and report_years.report_year = unit_years.report_year
    where
        (ranked.indicator_code = 'C16' and (ranked.field_code = 'people' or ranked.place_in_line = 1))
        or (ranked.indicator_code = 'C26' and unit_years.is_territorial)
)

select
    indicator_code,
    measure_code,
    evaluated_year as report_year,
    counted_for,
    'numerator' as part,
    submission_id,
    row_number,
    field_code,
    contribution::numeric as contribution
from counted
where contribution is not null
