with

reviewed as (
    select * from {{ ref('rpt_phase_review') }}
),

joined as (
    select
        reviewed.*,
        {{ label_of('units_of_measure', 'reviewed.unit') }} as unit_of_measure_vi,
        {{ verdict_vi('reviewed') }} as verdict_name_vi
    from reviewed
)

{{ contracted('joined') }}
