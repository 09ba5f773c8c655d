with

debts as (
    select * from {{ ref('int_debts_current') }}
    where is_programme_ground
),

cooperatives as (
    select * from {{ ref('int_cooperatives_current') }}
),

-- a debt counts for the province where its cooperative's row of the same unit does
placed as (
    select
        debts.*,
        cooperatives.commune_uid,
        coalesce(cooperatives.counts_for_province, true) as counts_for_province
    from debts
    left join cooperatives
        on
            debts.report_year = cooperatives.report_year
            and debts.unit_uid = cooperatives.unit_uid
            and debts.registration_number = cooperatives.registration_number
),

counted as (
    {{ for_unit_and_province('placed', 'counts_for_province') }}
),

-- a cooperative with several debts is one cooperative that owes
ranked as (
    select
        counted.*,
        debt_kind = 'owed_by_members' as is_receivable,
        row_number() over (
            partition by
                report_year,
                counted_for,
                registration_number,
                debt_kind <> 'owed_by_members' and outstanding_million_vnd > 0
            order by debt_kind, submission_id, row_number
        ) as place_in_line
    from counted
)

select
    'C06' as indicator_code,
    parts.measure_code,
    ranked.report_year,
    ranked.counted_for,
    'numerator' as part,
    ranked.submission_id,
    ranked.row_number,
    parts.field_code,
    parts.contribution,
    ranked.registration_number as organisation_id,
    ranked.commune_uid,
    jsonb_build_object('debt_kind', ranked.debt_kind) as attributes
from ranked
cross join lateral (
    values
    ('outstanding', 'outstanding', case when not is_receivable then outstanding_million_vnd end),
    ('receivable', 'outstanding', case when is_receivable then outstanding_million_vnd end),
    ('settled', 'settled_in_year', settled_in_year_million_vnd),
    ('cooperatives', 'outstanding', case when not is_receivable and outstanding_million_vnd > 0 and place_in_line = 1 then 1 end)
) as parts (measure_code, field_code, contribution)
where parts.contribution is not null
