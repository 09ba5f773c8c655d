{# Comments of promoted tables are English by persist_docs; at the end of a run the Vietnamese of descriptions.csv
   is put behind: "English. / Tiếng Việt." A row without a table's name is for every column of that name. Where the yml
   has the words of the form, which are Vietnamese, that file has the English too.
   Comments are plain text: the marks of the yml are taken out. #}
{% macro comment_in_vietnamese(schemas=['next_marts', 'next_reports', 'next_bi']) -%}
    {%- if flags.WHICH in ('build', 'run') %}
    do $do$
    declare
        described record;
    begin
        if to_regclass('reference.descriptions') is null then
            return;
        end if;
        for described in
            with relations as (
                select
                    pg_class.oid,
                    pg_class.relkind,
                    pg_class.relname as table_name,
                    null as column_name,
                    0 as column_number
                from pg_class
                where
                    relnamespace = any (array(select oid from pg_namespace where nspname = any (array{{ schemas }})))
                    and relkind = any (array['r', 'v']::"char"[])
            ),

            items as (
                select * from relations
                union all
                select
                    relations.oid,
                    relations.relkind,
                    relations.table_name,
                    pg_attribute.attname,
                    pg_attribute.attnum
                from relations
                inner join pg_attribute on relations.oid = pg_attribute.attrelid
                where pg_attribute.attnum > 0 and not pg_attribute.attisdropped
            )

            select
                case
                    when items.column_name is not null then format('column %s.%I', items.oid::regclass, items.column_name)
                    when items.relkind = 'v' then format('view %s', items.oid::regclass)
                    else format('table %s', items.oid::regclass)
                end as item,
                translate(
                    replace(
                        concat_ws(' / ', coalesce(words.description_en, comments.description), words.description_vi),
                        '**Nuance**',
                        'Note'
                    ),
                    '*`',
                    ''
                ) as comment
            from items
            left join pg_description as comments
                on
                    items.oid = comments.objoid
                    and items.column_number = comments.objsubid
                    and comments.classoid = 'pg_class'::regclass
            cross join lateral (
                select
                    descriptions.description_vi,
                    descriptions.description_en
                from reference.descriptions
                where
                    descriptions.column_name is not distinct from items.column_name
                    and coalesce(descriptions.table_name, items.table_name) = items.table_name
                order by descriptions.table_name nulls last
                limit 1
            ) as words
            -- a table that this run left alone has its Vietnamese already
            where coalesce(comments.description, '') not like '% / %'
        loop
            execute format('comment on %s is %L', described.item, described.comment);
        end loop;
    end
    $do$
    {%- endif %}
{%- endmacro %}
