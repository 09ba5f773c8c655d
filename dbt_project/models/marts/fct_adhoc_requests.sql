with

requests as (
    select * from {{ ref('adhoc_requests') }}
),

units as (
    select * from {{ ref('dim_reporting_units') }}
),

-- the first report that was not returned
answers as (
    select distinct on (unit_uid, upper(btrim(request_number))) *
    from {{ ref('fct_submissions') }}
    where report_kind = 'adhoc' and status in ('accepted', 'accepted_with_queries', 'superseded')
    order by unit_uid, upper(btrim(request_number)), received_at
),

asked as (
    select
        requests.*,
        units.unit_uid,
        units.unit_kind
    from requests
    inner join units
        on
            array[units.reporting_unit_code, units.unit_kind] && string_to_array(requests.asked_of, '; ')
            and requests.requested_on between
            coalesce(units.valid_from, '-infinity'::date) and coalesce(units.valid_to, 'infinity'::date)
),

joined as (
    select
        asked.request_number,
        asked.requested_on,
        asked.requested_by_vi,
        asked.subject_vi,
        asked.due_on,
        asked.unit_uid,
        asked.unit_kind,
        answers.submission_id,
        answers.received_at,
        answers.document_number,
        answers.received_at < (asked.due_on + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh' as on_time
    from asked
    left join answers
        on
            asked.unit_uid = answers.unit_uid
            and upper(btrim(asked.request_number)) = upper(btrim(answers.request_number))
)

{{ contracted('joined') }}
