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

report_years as (
    select * from {{ ref('int_years_reported') }}
),

-- what a unit reports done stays done until the phase ends; its latest report says how many people it was
latest_done as (
    select distinct on (measures.indicator_code, measures.measure_code, report_years.report_year, duties.unit_uid)
        measures.indicator_code,
        measures.measure_code,
        report_years.report_year as evaluated_year,
        duties.unit_uid,
        duties.submission_id,
        duties.row_number,
        duties.received_at,
        measures.answer_field as field_code,
        case when measures.answer_field = 'people' then duties.people else 1 end as contribution
    from measures
    inner join duties on measures.duty_code = duties.duty_code
    inner join report_years as done_in on duties.report_year = done_in.report_year
    inner join report_years on done_in.phase = report_years.phase and duties.report_year <= report_years.report_year
    order by
        measures.indicator_code, measures.measure_code, report_years.report_year, duties.unit_uid, duties.report_year desc
),

placed as (
    select
        latest_done.*,
        unit_years.unit_uid is not null as is_unit_of_year,
        coalesce(unit_years.is_territorial, false) as is_territorial,
        row_number() over (
            partition by latest_done.indicator_code, latest_done.measure_code, latest_done.evaluated_year
            order by latest_done.received_at, latest_done.submission_id
        ) as place_in_line
    from latest_done
    left join unit_years
        on latest_done.unit_uid = unit_years.unit_uid and latest_done.evaluated_year = unit_years.report_year
),

-- the survey was held when one unit held it; plans are counted over the units of the year
counted as (
    {{ for_unit_and_province(
        'placed',
        "placed.indicator_code = 'C26' and is_territorial or placed.indicator_code = 'C16'"
        ~ " and (field_code = 'people' or place_in_line = 1)",
        "is_unit_of_year and (placed.indicator_code <> 'C26' or is_territorial)"
    ) }}
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
