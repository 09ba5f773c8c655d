"""The first answer to a file, with what history, the registry and other units say about it."""

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from htx import steps
from htx.cli import main
from tests.datasets import rows
from warehouse.connection import connect

SENT = "25246/BC HTX 2025 - Bình Tân.xlsx"
AT = "2025-12-05T10:00+07:00"
LATER = "2025-12-06T10:00+07:00"
# the whole report again: a group of 22 members halves (20 the year before), a cooperative is suspended (active in the
# registry)
CHANGES = {
    "00_BIA": {"C9": "Thay thế toàn bộ"},
    "01_HTX": {"G3": "Tạm ngừng hoạt động"},
    "02_THT": {"J4": 10, "K4": 10},
}
HALVED = (
    "So với năm trước: «Tổng số thành viên» (ô J4) là 10, năm trước là 20: thay đổi trên 30%; đề nghị kiểm tra và sửa"
    " lại, nếu đúng thì giải trình ở biểu 11_GIAI_TRINH."
)
OF_BUILDS = "Chưa đối chiếu với năm trước, sổ đăng ký HTX và báo cáo của đơn vị khác"
OF_FILE = "from quality.findings inner join raw.received_files using (submission_id) where file_name = 'bc.xlsx'"


@pytest.fixture
def url(province):
    return province.copy()


@pytest.fixture
def htx(url, tmp_path):
    variables = {"WAREHOUSE_URL": url, "HTX_HOME": str(tmp_path / "home")}

    def run(*arguments: object) -> dict:
        done = CliRunner(env=variables).invoke(main, [str(each) for each in arguments])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return run


@pytest.fixture
def file(example, tmp_path) -> Path:
    return edited(example / "inbox" / SENT, CHANGES, tmp_path / "bc.xlsx")


def edited(sent: Path, changes: dict[str, dict[str, object]], target: Path) -> Path:
    book = openpyxl.load_workbook(sent)
    for sheet, cells in changes.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    book.save(target)
    return target


def asked(answer: dict) -> dict[str, tuple[str, str]]:
    """id -> rule and cell of each query of history, the registry or other units."""
    return {
        each["finding_id"]: (each["rule_code"], each["cell"])
        for each in answer["findings"]
        if each["message_vi"].startswith("So với ")
    }


def test_queries_of_history_and_registry_are_in_the_first_answer_with_the_ids_of_the_next_build(
    htx, file, url, tmp_path
):
    checked = htx("check", "--json", "--received-at", AT, file)
    assert checked["awaits_build"] is False
    assert sorted(asked(checked).values()) == [("X02", "G3"), ("Y02", "J4")]
    assert HALVED in [each["message_vi"] for each in checked["findings"]]
    with connect(url) as connection:
        assert rows(connection, "select count(*) from raw.received_files where file_name = 'bc.xlsx'") == [(0,)]

    loaded = htx("load", "--json", "--received-at", AT, file)
    assert (asked(loaded), loaded["receipt"]) == (asked(checked), checked["receipt"])
    [copy] = (tmp_path / "home" / "outbox" / "25246").glob("*.xlsx")
    answer = openpyxl.load_workbook(copy)
    assert {row[0].value for row in answer["11_GIAI_TRINH"].iter_rows(min_row=3)} >= asked(checked).keys()
    assert HALVED in [row[4].value for row in answer["00_KET_QUA"].iter_rows()]
    written = copy.stat().st_mtime_ns

    steps.build_warehouse(url, tmp_path / "dbt", outbox_url=(tmp_path / "home" / "outbox").as_uri())
    with connect(url) as connection:
        by_build = f"select finding_id, rule_code, cell {OF_FILE} and message_vi like 'So với %%'"
        assert {id: (rule, cell) for id, rule, cell in rows(connection, by_build)} == asked(checked)
    assert copy.stat().st_mtime_ns == written

    answers = {
        f"{column}{row}": text
        for row, id in enumerate(asked(checked), start=3)
        for column, text in (("A", id), ("B", "Nhiều người đi làm ăn xa"))
    }
    answered = edited(file, {"11_GIAI_TRINH": answers}, tmp_path / "answered.xlsx")
    assert asked(htx("check", "--json", "--received-at", LATER, answered)) == {}
    assert asked(htx("load", "--json", "--received-at", LATER, answered)) == {}


def test_an_explanation_given_to_the_first_answer_holds_in_the_next_build(htx, file, url, tmp_path):
    checked = htx("check", "--json", "--received-at", AT, file)
    answers = {
        f"{column}{row}": text
        for row, id in enumerate(asked(checked), start=3)
        for column, text in (("A", id), ("B", "Nhiều người đi làm ăn xa"))
    }
    htx("load", "--json", "--received-at", AT, edited(file, {"11_GIAI_TRINH": answers}, file))
    steps.build_warehouse(url, tmp_path / "dbt")
    with connect(url) as connection:
        closed = f"select rule_code, answer {OF_FILE} and message_vi like 'So với %%' order by 1"
        assert rows(connection, closed) == [
            ("X02", "Nhiều người đi làm ăn xa"),
            ("Y02", "Nhiều người đi làm ăn xa"),
        ]
        assert rows(connection, f"select count(*) {OF_FILE} and rule_code = 'E01'") == [(0,)]


def test_before_the_first_promotion_the_answer_says_that_the_next_build_asks(example, warehouse_url, tmp_path):
    variables = {"WAREHOUSE_URL": warehouse_url, "HTX_HOME": str(tmp_path / "home")}
    for command in ("check", "load"):
        done = CliRunner(env=variables).invoke(main, [command, str(example / "inbox" / SENT)])
        assert OF_BUILDS in done.stdout
    [copy] = (tmp_path / "home" / "outbox" / "25246").glob("*.xlsx")
    assert openpyxl.load_workbook(copy)["00_KET_QUA"]["A3"].value.startswith(OF_BUILDS)
