with

cooperatives as (
    select
        *,
        {{ cooperative_attributes() }} as attributes
    from {{ ref('int_cooperatives_qualified') }}
),

-- a unit's figure counts its own rows; the province counts each organisation once
counted as (
    {{ for_unit_and_province('cooperatives', 'counts_for_province') }}
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
        counted.registration_number as organisation_id,
        counted.commune_uid,
        counted.attributes
    from counted
    cross join lateral (
        values
        ('T01', 'numerator', 'registration_number', case when counts_in_t01 then 1 end),
        ('T03', 'numerator', 'women_stable_jobs', case when counts_in_t01 then women_stable_jobs end),
        ('T05', 'numerator', 'women_managers_trained', case when is_in_scope and is_operating then women_managers_trained end),
        ('T05', 'denominator', 'women_managers', case when is_in_scope and is_operating then women_managers end),
        ('T07', 'numerator', 'registration_number', case when counts_in_t07 then 1 end),
        ('T11', 'numerator', 'registration_number', case when is_in_scope and not is_dissolved and is_guided then 1 end),
        ('T11', 'denominator', 'registration_number', case when is_in_scope and not is_dissolved then 1 end),
        ('T12', 'numerator', 'women_vocational_trained', case when is_in_scope and is_operating then women_vocational_trained end),
        ('T12', 'denominator', 'women_in_cooperative', case when is_in_scope and is_operating then women_in_cooperative end),
        ('T13', 'numerator', 'women_managers_certified', case when is_in_scope and is_operating and union_supported_founding then women_managers_certified end),
        ('T13', 'denominator', 'women_managers', case when is_in_scope and is_operating and union_supported_founding then women_managers end),
        ('T14', 'numerator', 'members_ecommerce_trained', case when is_in_scope and is_operating then members_ecommerce_trained end),
        ('T14', 'denominator', 'members', case when is_in_scope and is_operating then members end)
    ) as parts (indicator_code, part, field_code, contribution)
    where parts.contribution is not null
)

select * from contributed
