with

officers as (
    select * from {{ ref('int_union_officers_current') }}
),

-- heads of branches are officers only where decision A21 says so
officers_of_the_union as (
    select * from officers
    where
        is_programme_ground
        and (union_level <> 'branch' or {{ decision('branch_heads_are_officers') }} = 'yes')
),

counted as (
    {{ for_unit_and_province('officers_of_the_union') }}
),

contributed as (
    select
        parts.indicator_code,
        counted.report_year,
        counted.counted_for,
        parts.part,
        counted.submission_id,
        counted.row_number,
        parts.field_code,
        parts.contribution::numeric as contribution,
        jsonb_build_object('union_level', counted.union_level) as attributes
    from counted
    cross join lateral (
        values
        ('T09', 'numerator', 'assigned_officers_trained', assigned_officers_trained),
        ('T09', 'denominator', 'assigned_officers', assigned_officers),
        ('T10', 'numerator', 'officers_skilled', officers_skilled),
        ('T10', 'denominator', 'officers', officers)
    ) as parts (indicator_code, part, field_code, contribution)
    where parts.contribution is not null
)

select * from contributed
