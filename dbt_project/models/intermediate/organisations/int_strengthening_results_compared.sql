with

strengthened as (
    select * from {{ ref('int_cooperatives_qualified') }}
    where is_strengthened
),

earlier as (
    select * from {{ ref('int_cooperatives_reported') }}
    where is_programme_ground and counts_for_province
),

classes as (
    select * from {{ ref('code_lists') }}
    where code_list = 'classifications' and code <> 'unrated'
),

-- a report gives the class of a year that has ended: that of the year before the first action is in it or in a later one
classes_before as (
    select distinct on (strengthened.report_year, strengthened.unit_uid, strengthened.registration_number)
        strengthened.report_year,
        strengthened.unit_uid,
        strengthened.registration_number,
        classes.sort_order
    from strengthened
    inner join earlier
        on
            strengthened.registration_number = earlier.registration_number
            and strengthened.report_year >= earlier.report_year
            and earlier.classification_year = strengthened.strengthened_year - 1
    inner join classes on earlier.classification = classes.code
    order by
        strengthened.report_year, strengthened.unit_uid, strengthened.registration_number, earlier.report_year
)

-- decision A19: a better class, or more members or revenue, than in the year before the first action
select
    strengthened.report_year,
    strengthened.unit_uid,
    strengthened.registration_number,
    coalesce(strengthened.members > before.members, false)
    or coalesce(strengthened.revenue_million_vnd > before.revenue_million_vnd, false)
    or coalesce(
        strengthened.classification_year >= strengthened.strengthened_year
        and classes.sort_order < classes_before.sort_order,
        false
    ) as has_result
from strengthened
left join earlier as before
    on
        strengthened.registration_number = before.registration_number
        and before.report_year = strengthened.strengthened_year - 1
left join classes on strengthened.classification = classes.code
left join classes_before
    on
        strengthened.report_year = classes_before.report_year
        and strengthened.unit_uid = classes_before.unit_uid
        and strengthened.registration_number = classes_before.registration_number
