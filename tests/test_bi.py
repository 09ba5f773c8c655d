"""What everybody reads, on the example province: comments in two languages, questions answered."""

import json
import re

from tests import questions
from tests.datasets import first_seed
from warehouse.build.dbt import write_docs
from warehouse.connection import connect

VIETNAMESE = re.compile("[\u00c0-\u1ef9]")
COMMENTS = """
    select concat_ws('.', nspname, relname, columns.name), coalesce(description, '')
    from pg_class
    inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
    cross join lateral (
        select null as name, 0 as number
        union all
        select attname, attnum from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped
    ) as columns
    left join pg_description
        on objoid = pg_class.oid and objsubid = columns.number and classoid = 'pg_class'::regclass
    where nspname in ('marts', 'reports', 'bi') and relkind in ('r', 'v')
"""


@first_seed
def test_every_published_table_and_column_is_described_in_english_and_vietnamese(played):
    _, url = played
    with connect(url) as connection:
        comments = dict(connection.execute(COMMENTS).fetchall())
    assert len(comments) > 500
    languages = {name: comment.partition(" / ")[::2] for name, comment in comments.items()}
    guilty = [
        name
        for name, (english, vietnamese) in languages.items()
        if not english or VIETNAMESE.search(english) or not VIETNAMESE.search(vietnamese)
    ]
    assert guilty == [], "give them a row in seeds/descriptions.csv, with the English where the yml has Vietnamese"


@first_seed
def test_the_page_of_questions_says_what_the_warehouse_answers(played, request):
    _, url = played
    page = questions.PAGE.read_text(encoding="utf-8")
    with connect(url) as connection:
        answers = questions.answered(page, connection)
    if request.config.getoption("--write-questions"):
        questions.PAGE.write_text(answers, encoding="utf-8")
    else:
        assert answers == page, "other figures are meant? make questions"
    assert len(questions.BLOCK.findall(page)) == 10


@first_seed
def test_the_documentation_is_one_page_with_models_types_and_who_reads_them(played, tmp_path):
    _, url = played
    page = write_docs(url, tmp_path).read_text(encoding="utf-8")
    catalog = json.loads((tmp_path / "catalog.json").read_text())
    columns = catalog["nodes"]["model.htx.bi_indicator_values.v1"]["columns"]
    assert (columns["report_year"]["type"], columns["value_status"]["type"]) == ("integer", "text")
    assert columns["value_status"]["comment"].endswith("chưa báo cáo hoặc không áp dụng.")
    assert "exposure.htx.bi_dashboard" in page
    assert '"send_anonymous_usage_stats": false' in page
