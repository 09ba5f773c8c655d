"""Open data: what DuckDB, pandas and Frictionless read of an export is what SQL gives."""

import csv
import json
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import duckdb
import frictionless
import fsspec
import pandas as pd
import pytest
from click.testing import CliRunner

from htx import steps
from htx.cli import main
from htx.lineage import NothingPublished
from htx.open_data.edition import export_edition, export_issued, find_edition
from htx.open_data.export import export_bi, shared_tables
from htx.open_data.storage import ExportRefused
from htx.open_data.tables import tables_of_bi
from tests.datasets import rows
from warehouse.connection import connect
from warehouse.editions.records import PublicationRefused
from warehouse.reference.csv_rows import InvalidReferenceData
from warehouse.reference.reference_data import SEEDS

TABLES = """
    select table_name::text from information_schema.tables
    where table_schema = 'bi' and table_type = 'BASE TABLE' order by 1
"""
COLUMNS = """
    select column_name::text, data_type::text from information_schema.columns
    where table_schema = 'bi' and table_name = %s order by ordinal_position
"""
OF_EDITION = {
    "annual_targets", "breakdown_figures", "code_lists", "commune_districts", "decisions", "definitions",
    "indicator_values", "maps", "priority_groups", "province_figures", "spending_by_units", "target_companions",
    "unit_figures_as_reported", "unit_figures_communes_2025", "unit_figures_districts_2023", "units",
}  # fmt: skip
LARGE = 200_000  # bytes of a table
LEFT_OUT = {"cooperatives.revenue_million_vnd", "cooperatives.profit_million_vnd"}
SUM = "select sum(value) from {} where indicator_code = 'T03' and measure_code = 'value' and report_year = 2025"
T06 = "select value from {} where indicator_code = 'T06' and measure_code = 'value' and report_year = 2025"


@pytest.fixture(scope="module")
def url(reissued, new_database) -> str:
    """The example with two editions of its report of 2025, and a login that may read bi alone."""
    url = new_database(reissued)
    steps.apply_roles(url, "open_data_reader", "bi", "mở")
    return url


@pytest.fixture(scope="module")
def of_reader(url) -> str:
    return f"postgresql://open_data_reader:{quote('mở')}@{url.partition('@')[2]}"


@pytest.fixture(scope="module")
def exported(of_reader, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bi")
    export_bi(of_reader, str(folder))
    return folder


@pytest.fixture(scope="module")
def first(url, tmp_path_factory) -> Path:
    """The first edition."""
    folder = tmp_path_factory.mktemp("edition")
    export_edition(url, find_edition(url, "annual", 2025, "1.0.0"), f"file://{folder}")
    return folder


def package(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def path_of(folder: Path, table: str) -> Path:
    """The CSV file of a table, as the package names it."""
    [resource] = [each for each in package(folder)["resources"] if each["name"] == table]
    return folder / resource["path"]


def read(folder: Path, table: str) -> list[dict[str, str]]:
    with path_of(folder, table).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("exported", marks=pytest.mark.soak("seeds")),
        pytest.param("first", marks=pytest.mark.soak("seeds", also_in_test=True)),
    ],
)
def test_frictionless_finds_nothing_wrong(name, request, is_soak):
    folder = request.getfixturevalue(name)
    read = package(folder)
    if not is_soak:
        read["resources"] = [each for each in read["resources"] if (folder / each["path"]).stat().st_size < LARGE]
        assert len(read["resources"]) >= 10
    report = frictionless.Package.from_descriptor(read, basepath=str(folder)).validate()
    assert [each for task in report.tasks for each in task.errors] == []
    assert report.valid


def test_a_login_of_bi_exports_every_table_of_bi_as_duckdb_reads_it_back(exported, url):
    with connect(url) as connection:
        tables = [table for (table,) in rows(connection, TABLES)]
        assert {each["name"].partition(".")[0] for each in package(exported)["resources"]} == {*tables}
        assert len(tables) == 21
        for table in tables:
            parquet = path_of(exported, table).with_suffix(".parquet")
            columns = [each for each in rows(connection, COLUMNS, table) if f"{table}.{each[0]}" not in LEFT_OUT]
            names = ", ".join(
                f"{name}::double precision as {name}" if type_ == "numeric" else name for name, type_ in columns
            )
            expected = rows(connection, f"select {names} from bi.{table}")
            with duckdb.connect() as database:
                database.execute("set TimeZone = 'UTC'")
                found = database.execute(f"select * from '{parquet}'").fetchall()
                assert [each[0] for each in database.description] == [name for name, _ in columns]
            assert sorted(map(str, map(plain, found))) == sorted(map(str, map(plain, expected)))


def plain(row: tuple) -> list:
    return [each.astimezone(UTC).isoformat() if isinstance(each, datetime) else each for each in row]


def test_pandas_and_duckdb_read_the_csv_files(exported):
    communes = path_of(exported, "unit_figures_communes_2025")
    read_by_pandas = pd.read_csv(communes, dtype={"unit_code": str}, parse_dates=["year_end_on"])
    t03 = read_by_pandas.query("indicator_code == 'T03' and measure_code == 'value' and report_year == 2025")
    assert t03["value"].sum() == 471
    assert t03["year_end_on"].unique().tolist() == [pd.Timestamp(date(2025, 12, 31))]
    with duckdb.connect() as database:
        assert database.execute(SUM.format(f"'{communes}'")).fetchall() == [(471,)]
        province = path_of(exported, "province_figures")
        assert database.execute(SUM.format(f"'{province}'")).fetchall() == [(471,)]


def test_excel_is_shown_that_a_csv_file_is_utf_8_and_numbers_have_a_decimal_point(exported):
    content = path_of(exported, "province_figures").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfreport_year,year_end_on,is_latest_year,indicator_code,")
    assert content.count(b"\r\n") == 217
    [t05] = [row for row in read(exported, "province_figures") if row["indicator_code"] == "T05" and
             row["measure_code"] == "value" and row["report_year"] == "2025"]  # fmt: skip
    assert (t05["value"][:7], t05["value_display"], t05["numerator"]) == ("93.3333", "93,3", "56")
    assert (t05["verdict"], t05["verdict_vi"], t05["target"]) == ("not_met", "Chưa đạt", "100")


def test_the_package_has_types_keys_references_and_words_in_both_languages(exported):
    [figures] = [each for each in package(exported)["resources"] if each["name"] == "unit_figures_communes_2025"]
    schema = figures["schema"]
    fields = {each["name"]: each for each in schema["fields"]}
    assert schema["primaryKey"] == ["unit_uid", "report_year", "indicator_code", "measure_code"]
    assert schema["foreignKeys"] == [
        {
            "fields": ["indicator_code", "measure_code"],
            "reference": {"resource": "definitions", "fields": ["indicator_code", "measure_code"]},
        },
        {"fields": ["unit_uid"], "reference": {"resource": "units", "fields": ["unit_uid"]}},
    ]
    assert (fields["value"]["type"], fields["report_year"]["type"]) == ("number", "integer")
    assert (fields["year_end_on"]["type"], fields["unit_code"]["type"]) == ("date", "string")
    assert fields["units_reported"]["description_en"].startswith("How many of those gave it")
    assert fields["unit_name_vi"]["description"] == "Tên đơn vị."
    assert figures["title_en"] == "Totals of each of the 40 communes of 2025, in every year"


@pytest.mark.parametrize("name", ["exported", "first"])
def test_every_file_has_words_in_both_languages_keys_references_and_a_licence(name, request):
    found = package(request.getfixturevalue(name))
    resources = {each["name"]: each for each in found["resources"]}
    for resource_name, resource in resources.items():
        schema, suffix = resource["schema"], resource_name.partition(".")[1] + resource_name.partition(".")[2]
        for described in (resource, *schema["fields"]):
            assert all(described[each] for each in ("title", "title_en", "description", "description_en")), described
        assert [each["name"] for each in resource["licenses"]] == ["CC-BY-4.0"]
        assert schema["primaryKey"]
        for each in schema["foreignKeys"]:
            other = resources[each["reference"]["resource"]]
            assert other["format"] == resource["format"]
            assert other["schema"]["primaryKey"] == each["reference"]["fields"]
        assert schema == as_csv(resources[resource_name.removesuffix(suffix)]["schema"], suffix)


def as_csv(schema: dict, suffix: str) -> dict:
    """The schema of a CSV file as that of a file of another format."""
    keys = [
        {**each, "reference": {**each["reference"], "resource": each["reference"]["resource"] + suffix}}
        for each in schema["foreignKeys"]
    ]
    return {**schema, "foreignKeys": keys}


def test_the_package_says_whose_data_it_is_under_which_licence_and_by_which_build(exported, url):
    found = package(exported)
    with connect(url) as connection:
        [[build_id]] = rows(connection, "select what from bi.freshness where event = 'promoted'")
    assert (found["name"], found["version"], found["build"]["build_id"]) == (
        "htx-phu-nu-binh-phuoc",
        build_id,
        build_id,
    )
    assert found["title_en"] == "Cooperatives that women help to manage, former Bình Phước province"
    assert [each["name"] for each in found["licenses"]] == ["CC-BY-4.0"]
    assert found["contributors"][0]["title"] == "Hội Liên hiệp Phụ nữ tỉnh Đồng Nai"
    assert found["sources"][0]["title_en"].startswith("Reports of districts, communes and agencies")


def test_money_of_single_cooperatives_is_no_open_data_and_the_table_says_so(exported):
    found, why = package(exported), "HTX báo cáo cho cơ quan, không công bố."
    [table] = [each for each in found["resources"] if each["name"] == "cooperatives"]
    names = [each["name"] for each in table["schema"]["fields"]]
    assert "charter_capital_million_vnd" in names
    assert not {"revenue_million_vnd", "profit_million_vnd"} & {*names}
    assert table["description"].endswith(why)
    assert table["description_en"].endswith("and did not publish.")
    described = [each["dct:description"][0]["@value"] for each in found["dcat"]["dcat:distribution"]]
    assert sum(each.endswith(why) for each in described) == 2


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ("left_out,none,none,", None),
        ("left_out,cooperatives.revenue,cooperatives.revenue,", r"bi has no column cooperatives\.revenue outside its"),
        ("", "open_data.csv needs the rows left_out"),
    ],
)
def test_the_plan_says_what_is_left_out_and_a_misspelt_column_is_refused(row, refused, url, tmp_path, monkeypatch):
    lines = (SEEDS / "open_data.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("left_out,")]
    (tmp_path / "open_data.csv").write_text("\n".join([*kept, row]), encoding="utf-8")
    monkeypatch.setenv("HTX_PLAN", str(tmp_path))
    refusal = pytest.raises((ExportRefused, InvalidReferenceData), match=refused) if refused else nullcontext()
    with connect(url) as connection, refusal:
        assert shared_tables(connection) == tables_of_bi(connection)


def test_a_catalogue_of_data_sets_finds_the_fields_of_dcat(exported):
    entry = package(exported)["dcat"]
    assert entry["@type"] == "dcat:Dataset"
    assert {"@language": "en", "@value": "cooperatives"} in entry["dcat:keyword"]
    assert entry["dct:temporal"]["dcat:startDate"]["@value"] == "2023-01-01"
    assert entry["dct:temporal"]["dcat:endDate"]["@value"] == "2025-12-31"
    assert entry["dct:spatial"]["dct:identifier"] == "VN-58"
    distributions = {each["dcat:downloadURL"]["@id"]: each for each in entry["dcat:distribution"]}
    assert len(distributions) == 42
    for resource in package(exported)["resources"]:
        its = distributions[resource["path"]]
        assert f"sha256:{its['spdx:checksum']['spdx:checksumValue']}" == resource["hash"]
        assert its["dcat:byteSize"]["@value"] == str((exported / resource["path"]).stat().st_size)


def test_an_edition_has_the_figures_that_it_was_published_with(first, exported, url):
    tables = {each["name"] for each in package(first)["resources"] if each["format"] == "csv"}
    assert tables == OF_EDITION
    with duckdb.connect() as database:
        then = database.execute(T06.format(f"'{path_of(first, 'province_figures')}'")).fetchall()
        now = database.execute(T06.format(f"'{path_of(exported, 'province_figures')}'")).fetchall()
        units = f"'{path_of(first, 'unit_figures_as_reported')}'"
        found = database.execute(f"select {KEY}, value from {units} where value is not null").fetchall()
    with connect(url) as connection:
        kept = rows(connection, FROZEN)
    assert (then, now) == ([(6751,)], [(6746,)])
    assert sorted(found) == sorted(kept)
    assert len(kept) > 1000


KEY = "indicator_code, measure_code, report_year, unit_uid"
FROZEN = f"""
    select {KEY}, value::double precision from raw.publication_figures
    inner join raw.publications using (publication_id)
    inner join bi.definitions using (indicator_code, measure_code)
    where version = '1.0.0' and basis = 'as_reported' and breakdown = 'total' and unit_uid <> 'province'
        and publication_figures.report_year = 2025 and shown_in = 'figures' and value is not null
""".replace("report_year, unit_uid", "publication_figures.report_year, unit_uid", 1)


def tables_named(found: dict) -> set[str]:
    return {each["name"].partition(".")[0] for each in found["resources"]}


COVERAGE = """
    select indicator_code, measure_code, bound_kind, units_reported, units_expected, verdict_vi from '{}'
    where report_year = 2025 and indicator_code not in ('T17', 'T18') order by all
"""


def test_an_edition_has_coverage_and_verdicts_in_the_words_of_its_paper(first, exported):
    """The correction between the two changed figures, and neither who had reported them nor a verdict."""
    with duckdb.connect() as database:
        then, now = (
            database.execute(COVERAGE.format(path_of(each, "province_figures"))).fetchall()
            for each in (first, exported)
        )
    assert ("T03", "value", "assumed", 39, 40, "Vượt") in then
    assert ("T13", "Đang thực hiện (hiện vượt mức mục tiêu)") in {(row[0], row[-1]) for row in then}
    assert then == now


def test_an_edition_can_be_cited(first, exported):
    found = package(first)
    assert found["name"] == "htx-phu-nu-binh-phuoc-annual-2025-1.0.0"
    assert found["title"].endswith(": Báo cáo năm 2025, bản 1.0.0")
    assert (found["version"], found["created"]) == ("1.0.0", "2025-12-26T01:00:00Z")
    edition = found["edition"]
    assert (edition["publication_id"], edition["papers"]) == ("P-8D6B11232680", [])
    assert len(edition["figures_sha256"]) == 64
    assert found["lacking"]["columns_left_empty"] == {}
    assert "cooperatives" in found["lacking"]["tables_left_out"]
    assert tables_named(found) | {*found["lacking"]["tables_left_out"]} == tables_named(package(exported))
    assert {row["reported_by_vi"] for row in read(first, "definitions") if row["indicator_code"] == "T03"} != {""}


def test_an_issued_edition_is_exported_once_and_again_when_its_paper_changes(url, new_database, tmp_path):
    url = new_database(url)
    assert export_issued(url, str(tmp_path)) == []
    record(url, 1, "signed", paper_number="12/BC-BTV", signer="Ngô Thị Mẫu")
    record(url, 2, "issued", channel="post")
    [made] = export_issued(url, str(tmp_path))
    assert made["place"] == f"file://{tmp_path}/annual-2025-1.0.0/datapackage.json"
    assert package(tmp_path / "annual-2025-1.0.0")["edition"]["papers"] == [
        {"recipient": "CENTRAL_UNION", "state": "issued", "number": "12/BC-BTV", "signed_on": "2025-12-27",
         "issued_on": "2025-12-27"}
    ]  # fmt: skip
    assert export_issued(url, str(tmp_path)) == []


def record(url: str, position: int, state: str, **columns: str) -> None:
    values = {
        "publication_id": "P-8D6B11232680", "recipient": "CENTRAL_UNION", "position": position, "state": state,
        "happened_on": date(2025, 12, 27), "recorded_by": "test", **columns,
    }  # fmt: skip
    names = ", ".join(values)
    with connect(url) as connection:
        places = ", ".join(f"%({name})s" for name in values)
        connection.execute(f"insert into raw.publication_states ({names}) values ({places})", values)


def test_the_same_rows_give_the_same_bytes(exported, url, tmp_path):
    export_bi(url, str(tmp_path))
    again = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    before = {path.relative_to(exported): path.read_bytes() for path in exported.rglob("*") if path.is_file()}
    assert {path for path in again if again[path] != before.get(path)} == set()
    assert len(again) == len(before) == 43


def test_any_storage_will_do(url):
    made = export_bi(url, "memory://open/bi", ["csv"])
    storage = fsspec.filesystem("memory")
    found = json.loads(storage.cat_file("/open/bi/datapackage.json"))
    assert [each["format"] for each in found["resources"]] == ["csv"] * 21
    assert all(storage.exists(f"/open/bi/{each['path']}") for each in found["resources"])
    assert (made["sha256"], made["tables"]["maps"]) == (found["sha256"], 3)


def test_a_folder_of_another_data_set_stays_as_it_is(exported, first, url):
    before = (first / "datapackage.json").read_bytes()
    with pytest.raises(ExportRefused, match=r"is that of htx-phu-nu-binh-phuoc-annual-2025-1\.0\.0: export"):
        export_bi(url, str(first))
    assert (first / "datapackage.json").read_bytes() == before


def test_nothing_is_exported_before_the_first_promotion(new_database, tmp_path):
    with pytest.raises(NothingPublished, match="Nothing has been promoted yet"):
        export_bi(new_database(), str(tmp_path))
    assert [*tmp_path.iterdir()] == []


def test_an_edition_that_was_not_published_is_no_edition(url, tmp_path):
    with pytest.raises(PublicationRefused, match="There is no published report P-0"):
        export_edition(url, "P-0", str(tmp_path))
    with pytest.raises(PublicationRefused, match=r"There is no annual 2025 9\.0\.0"):
        find_edition(url, "annual", 2025, "9.0.0")


def test_the_command_exports_and_refuses_what_it_does_not_know(of_reader, tmp_path, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_URL", of_reader)
    monkeypatch.setenv("HTX_HOME", str(tmp_path / "home"))
    run = CliRunner().invoke(main, ["export", str(tmp_path / "out"), "--format", "csv", "--json"])
    assert (run.exit_code, json.loads(run.stdout)["tables"]["province_figures"]) == (0, 216)
    for wrong in (["--format", "xml"], ["--kind", "annual"], ["--version", "1.0.0"]):
        assert CliRunner().invoke(main, ["export", str(tmp_path / "out"), *wrong]).exit_code == 2
