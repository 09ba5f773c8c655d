"""A second province runs from its own plan's folder, with no code changed."""

import sqlite3
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest

from expectations.reference.reference_checks import lint_plan
from htx import steps
from htx.editions import workflow
from tests.datasets import read_csv, rows
from tests.life import cooperative, received, workbook
from tests.second_province import write_second_plan
from warehouse.connection import connect
from warehouse.reference.reference_data import SEEDS, read_reference

UNIT, COMMUNE = "092", "05280"
NUMBERS = ("3800100009", "3800100016")
ASKED_AT = datetime(2024, 1, 10, tzinfo=UTC)
REGISTRY = """
    create table cooperatives (registration_number, tax_code, name, kind, commune_code, address, sector,
        registered_on, status, status_changed_on, charter_capital_vnd, member_count, union_founded, updated_at);
    create table managers (registration_number, manager_no, position, sex, held_from, held_to);
    create table classifications (registration_number, year, score, class, decided_on);
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Path:
    return write_second_plan(tmp_path_factory.mktemp("second") / "plan")


@pytest.fixture(scope="module")
def built(plan, run, tmp_path_factory):
    """The URL of the second province's warehouse, which has received one district and the registry, and the folder of
    its report of 2023."""
    folder = tmp_path_factory.mktemp("second_province")
    with sqlite3.connect(folder / "registry.sqlite") as database:
        database.executescript(REGISTRY)
        for number, sex in zip(NUMBERS, "FM", strict=True):
            database.execute(
                "insert into cooperatives values (?, null, ?, 'cooperative', ?, null, 'crop', '2019-05-06', 'active',"
                " null, null, 30, 0, '2023-01-05')",
                (number, f"HTX Ví Dụ {number[-4:]}", COMMUNE),
            )
            database.execute("insert into managers values (?, 1, 'director', ?, '2021-01-01', null)", (number, sex))
    url = run.database(run.empty())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTX_PLAN", str(plan))
        steps.pull_registry(url, f"sqlite:///{folder / 'registry.sqlite'}", date(2023, 3, 24))
        own = cooperative(NUMBERS[0], unit="692", commune_code=COMMUNE)
        content = workbook(read_reference(plan), {"01_HTX": [own]}, None, UNIT)
        [answer] = steps.load_files(url, [received(content, folder=UNIT)])
        assert (answer.verdict, [each.rule_code for each in answer.findings]) == ("accepted", [])
        steps.build_warehouse(url, folder / "dbt")
        workflow.publish_report(url, "annual", 2023, ASKED_AT, (folder / "reports").as_uri(), "thử")
    return url, folder / "reports"


def test_its_plan_has_no_name_or_code_of_the_first_province_and_is_as_sound(plan):
    text = "\n".join(path.read_text(encoding="utf-8") for path in plan.glob("*.csv"))
    assert [word for word in ("Bình Phước", "Đồng Nai", "25280@2023", "692@2023") if word in text] == []
    counted = [Counter((each.level, each.check_code) for each in lint_plan(folder)) for folder in (SEEDS, plan)]
    assert counted[0] == counted[1]
    assert len(read_csv(plan / "map_tiles.csv")) == len(read_csv(SEEDS / "map_tiles.csv")) - 1


def test_its_figures_are_of_its_units_and_against_its_targets(built):
    with connect(built[0]) as connection:
        assert rows(
            connection,
            """
            select indicator_code, measure_code, value::integer, target::integer, units_expected, units_reported
            from bi.province_figures
            where report_year = 2023
                and (indicator_code, measure_code) in (('C01', 'cooperatives'), ('C11', 'members'), ('T01', 'value'))
            order by indicator_code
        """,
        ) == [
            ("C01", "cooperatives", 1, None, 0, 0),
            ("C11", "members", 30, None, 10, 1),
            ("T01", "value", 0, 30, 10, 1),
        ]
        assert rows(connection, """
            select unit_code, unit_name_vi, value::integer from bi.unit_figures_districts_2023
            where report_year = 2023 and indicator_code = 'C01' and measure_code = 'cooperatives' and value is not null
            order by unit_code
        """) == [
            ("088", "Thị xã Quan Lua", 0), ("089", "Thành phố Đức Xuân", 0), ("090", "Thị xã Bích Lua", 0),
            ("091", "Huyện Bảo Giang Mỹ", 0), ("092", "Huyện Lợi Nơ", 1), ("093", "Huyện Bảo Đồng", 0),
            ("094", "Huyện Khai Quế", 0), ("095", "Huyện Đức Phước", 0), ("096", "Huyện Bảo Đường", 0),
            ("097", "Thị xã Cát Thác", 0),
        ]  # fmt: skip
        assert rows(
            connection,
            """
            select unit_code, unit_name_vi, value::integer from bi.unit_figures_communes_2025
            where report_year = 2023 and indicator_code = 'C01' and measure_code = 'cooperatives' and value > 0
        """,
        ) == [("05280", "Xã Lợi Thắng", 1)]


def test_its_report_names_it_and_no_other(built):
    papers = [docx.Document(str(path)) for path in sorted(built[1].rglob("bao-cao-*.docx"))]
    texts = [
        "".join(each.text or "" for each in paper.element.iter() if each.tag.endswith("}t")).replace("\u00a0", " ")
        for paper in papers
    ]
    assert len(texts) == 2
    for text in texts:
        assert "TỈNH SƠN HÀ" in text
        assert "Số liệu tính trên địa bàn tỉnh Sơn Hà, gồm 10 huyện, thị xã, thành phố." in text
        assert "Thị xã Quan Lua" in text
        assert [name for name in ("Bình Phước", "BÌNH PHƯỚC", "Đồng Nai", "ĐỒNG NAI", "Lộc Ninh") if name in text] == []
