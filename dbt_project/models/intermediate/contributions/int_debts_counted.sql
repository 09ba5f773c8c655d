with

debts as (
    select * from {{ ref('int_debts_reported') }}
    where is_programme_ground
),

cooperatives as (
    select * from {{ ref('int_cooperatives_reported') }}
),

-- a debt counts for the province where its cooperative's row of the same unit does
placed as (
    select
        debts.*,
        cooperatives.commune_uid,
        coalesce(cooperatives.counts_for_province, true) as counts_for_province
    from debts
    left join cooperatives using (report_year, unit_uid, registration_number)
),

counted as (
    {{ for_unit_and_province('placed', 'counts_for_province') }}
),

-- a cooperative with several debts counts as one
ranked as (
    select
        counted.*,
        registration_number as organisation_id,
        jsonb_build_object('debt_kind', debt_kind) as attributes,
        debt_kind = 'owed_by_members' as is_receivable,
        debt_kind <> 'owed_by_members' and outstanding_million_vnd > 0 as is_owed,
        row_number() over (
            partition by
                report_year,
                counted_for,
                registration_number,
                debt_kind <> 'owed_by_members' and outstanding_million_vnd > 0
            order by debt_kind, submission_id, row_number
        ) as rank_in_debtor
    from counted
),

flagged as (
    select
        *,
        is_owed and rank_in_debtor = 1 as is_first_of_debtor
    from ranked
),

{{ contributions_by_rule(
    'debts', 'flagged', ['submission_id', 'row_number', 'organisation_id', 'commune_uid', 'attributes']
) }}
