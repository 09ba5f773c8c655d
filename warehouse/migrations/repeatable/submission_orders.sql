-- Which file of a unit and year is in force: the one definition. dbt calls the function with the files that it is given
-- (of a restatement only some), everybody else reads the view.

-- The yearly report and its final figures are one history; of reports beside it each request and day has its own. In a history
-- final figures supersede estimates, whenever received; within each the order of receipt holds.
-- Other bytes with the content of a file that was accepted before make no new version.
create or replace function raw.order_submissions(files raw.received_files[])
returns table (
    submission_id text,
    reporting_unit_code text,
    report_year integer,
    history text,
    is_whole boolean,
    submission_order integer,
    superseded_by text,
    superseded_at timestamptz,
    duplicate_of text
)
-- strict, so that it is not inlined and the planner believes the number of rows
language sql stable strict parallel safe rows 2000 as $$
    with accepted as (
        select
            file.submission_id,
            file.reporting_unit_code,
            file.report_year,
            file.received_at,
            file.file_name,
            case
                when file.report_kind in ('annual', 'annual_final') then 'annual'
                else concat_ws(' ', file.report_kind, file.cover ->> 'request_number', file.data_to::text)
            end as history,
            (file.report_kind = 'annual_final')::integer as layer,
            file.submission_kind in ('first', 'full_replacement') as is_whole,
            first_value(file.submission_id) over (
                -- a file without a hash of its content duplicates none
                partition by
                    file.reporting_unit_code, file.report_year, coalesce(file.content_sha256, file.submission_id)
                order by file.received_at, file.file_name, file.submission_id
            ) as first_of_content
        from unnest(files) as file
        where file.verdict = 'accepted'
    ),

    ordered as (
        select
            accepted.*,
            row_number() over in_order as submission_order,
            -- of the whole files after it the next one, and when the first of them arrived
            (array_agg(submission_id) filter (where is_whole) over later)[1] as superseded_by,
            min(received_at) filter (where is_whole) over later as later_received_at
        from accepted
        where submission_id = first_of_content
        window
            in_order as (
                partition by reporting_unit_code, report_year, history
                order by layer, received_at, file_name, submission_id
            ),
            later as (
                partition by reporting_unit_code, report_year, history
                order by layer, received_at, file_name, submission_id
                rows between 1 following and unbounded following
            )
    )

    select
        accepted.submission_id,
        accepted.reporting_unit_code,
        accepted.report_year,
        accepted.history,
        accepted.is_whole,
        ordered.submission_order::integer,
        ordered.superseded_by,
        case
            when ordered.superseded_by is not null then greatest(accepted.received_at, ordered.later_received_at)
        end,
        nullif(accepted.first_of_content, accepted.submission_id)
    from accepted
    left join ordered on accepted.submission_id = ordered.submission_id
$$;

create view raw.submission_orders as
select orders.* from raw.order_submissions(array(select files from raw.received_files as files)) as orders;
comment on view raw.submission_orders is
    'Accepted files in the order in which they count for their unit and year. One row per accepted file.';
comment on column raw.submission_orders.submission_order is 'From 1; null for a duplicate, which makes no new version.';
comment on column raw.submission_orders.superseded_by is 'The whole file (first or full_replacement) that took its place.';
comment on column raw.submission_orders.superseded_at is 'When it lost its place: the receipt of the file that took it.';
comment on column raw.submission_orders.duplicate_of is 'The file, received before, that has the same content.';
