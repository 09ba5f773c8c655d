with

groups as (
    select * from {{ ref('int_groups_reported') }}
    where is_programme_ground
),

cooperatives as (
    select * from {{ ref('int_cooperatives_reported') }}
    where is_programme_ground
),

evidence as (
    select
        group_code,
        report_year,
        counts_for_province,
        submission_id,
        '02_THT' as sheet_code,
        row_number,
        case when became_cooperative is not null then 'became_cooperative' else 'status' end as field_code,
        commune_uid
    from groups
    where has_become_cooperative

    union all

    select
        predecessor_group_code as group_code,
        report_year,
        counts_for_province,
        submission_id,
        '01_HTX' as sheet_code,
        row_number,
        'predecessor_group_code' as field_code,
        commune_uid
    from cooperatives
    where predecessor_group_code is not null
),

-- the first row that reports it
converted as (
    select distinct on (group_code)
        group_code,
        report_year as converted_year,
        submission_id,
        sheet_code,
        row_number,
        field_code,
        commune_uid
    from evidence
    order by group_code, report_year, sheet_code desc, counts_for_province desc, submission_id, row_number
)

select * from converted
