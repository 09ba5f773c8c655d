"""Numbered migrations, and the upgrade of a warehouse of each version whose tables differ (those of 0.4.1 are 0.4.0's).

0.1.0.sql.xz is a plain dump, made by that version: the files of two districts for two years (one of them rejected), a
registry snapshot, a late permit, a build, and the report of 2023, published and sent to one recipient. To keep it
small, the tables of marts, reports, bi, staging, intermediate and reference are empty, the registry has no addresses,
and the Word and Excel documents of the report are left out. 0.5.0.sql.xz likewise, made by that version: five files of
the same districts, a snapshot, a build, and the report of 2023 as a draft. 0.2.0, 0.3.0 and 0.4.0, each made by the
last commit of that version: three files of one district, one of them rejected, 43 cooperatives of the registry, a
build, and the report of 2023; also the kept models, reference data and documents are empty, and staging, intermediate
and next_* are left out.
"""

import lzma
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from psycopg.types.json import Jsonb

from htx import steps
from htx.editions import workflow
from ingestion.intake.kept_files import remove_personal_data_once
from ingestion.intake.receipts import amend_receipt
from tests.datasets import Run, rows
from tests.dirt.persons import with_part
from warehouse import migrations
from warehouse.connection import WarehouseUnreachable, connect
from warehouse.editions.readiness import require_nothing_later
from warehouse.editions.records import PublicationRefused
from warehouse.editions.reproducibility import verify_publications
from warehouse.migrations import live_views, migrate
from warehouse.server.programs import program

DUMPS = {path.name.removesuffix(".sql.xz"): path for path in sorted(Path(__file__).parent.glob("*.sql.xz"))}
READ = (
    "select count(*), min(receipt_number), max(status) from raw.submissions",
    "select count(*) from reports.rpt_annual_targets",
)


def restored(run: Run, version: str = "0.1.0") -> str:
    """The URL of a warehouse of a version."""
    url = run.database("template1")
    command = [program("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction", url]
    subprocess.run(command, input=lzma.decompress(DUMPS[version].read_bytes()), check=True, stdout=subprocess.DEVNULL)
    return url


@pytest.fixture(scope="module")
def upgraded_url(run: Run) -> str:
    """The URL of a warehouse of 0.1.0 that was migrated."""
    url = restored(run)
    with connect(url) as connection:
        assert migrate(connection) is True
    return url


@pytest.fixture
def empty_url(run: Run) -> str:
    """The URL of a database without any table."""
    return run.database("template1")


@pytest.fixture(scope="module")
def definitions_of_today(run: Run) -> list[str]:
    """The definitions of a new warehouse."""
    return definitions(run.database(run.empty()))


def test_the_dumps_are_small():
    assert list(DUMPS) == ["0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0"]
    assert {version: path.stat().st_size for version, path in DUMPS.items() if path.stat().st_size > 700_000} == {}


@pytest.mark.parametrize("version", DUMPS)
def test_readers_go_on_while_a_warehouse_of_any_version_gets_the_schema_of_a_new_one(
    run, version, definitions_of_today
):
    url, migrated, answers = restored(run, version), Event(), []

    def poll() -> None:
        with connect(url, autocommit=True) as reader:
            while not migrated.is_set() or len(answers) < 2:
                answers.append(tuple(reader.execute(query).fetchone() for query in READ))

    with ThreadPoolExecutor(1) as pool:
        polling = pool.submit(poll)
        try:
            with connect(url) as connection:
                assert migrate(connection) is True
        finally:
            migrated.set()
        polling.result()
    assert len(set(answers)) == 1
    assert definitions(url) == definitions_of_today


@pytest.mark.parametrize(
    ("first", "then", "rows"),
    [("raw.superseded_rows", "quality.last_events", 5), ("quality.last_events", "raw.superseded_rows", 0)],
)
def test_a_migration_gives_way_to_who_reads_one_view_and_then_another(connection, warehouse_url, first, then, rows):
    """In one of the two orders they would wait for each other, and PostgreSQL would end one of them."""
    connection.execute("delete from quality.schema_versions")  # as after an edit of repeatable/
    connection.commit()
    with ThreadPoolExecutor(1) as pool:
        with connect(warehouse_url) as reader:
            reader.execute(f"select from {first}")
            migrating = pool.submit(migrate, connection)
            while not reader.execute("select from pg_locks where not granted").rowcount:
                assert not migrating.done()
            assert reader.execute(f"select from {then}").rowcount == rows
        assert migrating.result() is True


def test_other_words_of_the_views_that_no_build_makes_are_brought_over(connection, monkeypatch, tmp_path):
    comment = "select obj_description('bi.freshness'::regclass)"
    words = live_views.DESCRIPTIONS.read_text(encoding="utf-8").replace("When what last happened:", "What was last:")
    (tmp_path / "descriptions.csv").write_text(words, encoding="utf-8")
    assert rows(connection, comment)[0][0].startswith("When what last happened: files received")
    connection.rollback()
    monkeypatch.setattr(live_views, "DESCRIPTIONS", tmp_path / "descriptions.csv")
    monkeypatch.setattr(migrations, "MADE_FROM", (tmp_path / "descriptions.csv",))
    assert migrate(connection) is True
    assert rows(connection, comment)[0][0].startswith("What was last: files received")


def test_a_migration_that_finds_no_moment_says_what_to_end(connection, warehouse_url, monkeypatch):
    monkeypatch.setattr(migrations, "SECONDS_TO_WAIT", 0.5)
    connection.execute("delete from quality.schema_versions")  # as after an edit of repeatable/
    connection.commit()
    with connect(warehouse_url) as reader:
        reader.execute("select from raw.submissions")
        with pytest.raises(
            WarehouseUnreachable, match=r"for 0\.5 seconds there was no moment in which nobody used them"
        ):
            migrate(connection)
        assert reader.execute("select from quality.last_events").rowcount == 5
    assert migrate(connection) is True


def definitions(url: str) -> list[str]:
    """Every table, view, function, index, constraint, trigger and comment as pg_dump writes it, sorted by name."""
    command = [program("pg_dump"), "--schema-only", "--no-owner", *("-n", "raw", "-n", "quality", "-n", "undo"), url]
    return sorted(subprocess.check_output(command, text=True).split("\n--\n-- Name: ")[1:-1])


def test_an_upgraded_warehouse_keeps_what_was_received(upgraded_url):
    with connect(upgraded_url) as connection:
        assert connection.execute(
            "select reporting_unit_code, report_year, receipt_number, status from raw.submissions order by received_at"
        ).fetchall() == [
            ("688", 2023, "2023-688-4014DE", "accepted"),
            ("697", 2023, "2023-697-E3A41E", "accepted"),
            ("697", 2024, "2024-697-2DCF40", "rejected"),
            ("688", 2024, "2024-688-B3FD43", "accepted_with_queries"),
            ("697", 2024, "2024-697-69DDF7", "accepted_with_queries"),
        ]
        assert connection.execute(
            "select rule_code, severity, cell, value from quality.findings order by finding_id"
        ).fetchall() == [
            ("H01", "error", "J4", "25"),
            ("X02", "query", "G4", "suspended"),
            ("X02", "query", "I3", "27"),
        ]
        assert connection.execute("select exception_id, granted_by, reason from raw.lock_exceptions").fetchall() == [
            ("2023-688-1", "Lan", "bổ sung danh sách tổ hợp tác")
        ]


def test_an_upgraded_warehouse_keeps_what_was_published(upgraded_url):
    with connect(upgraded_url) as connection:
        assert connection.execute(
            "select kind, report_year, version, published_at, missing_units[1] from raw.publications"
        ).fetchall() == [("annual", 2023, "1.0.0", datetime(2024, 12, 20, tzinfo=UTC), "Thành phố Đồng Xoài")]
        assert connection.execute("select recipient, decided_by from raw.publication_sendings").fetchall() == [
            ("CENTRAL_UNION", "Hoa")
        ]


def test_persons_that_0_1_0_kept_are_removed_once_and_figures_stay(run, reference):
    name, number = "Trần Thị Ví Dụ", "070190001234"
    with connect(restored(run)) as connection:
        id, sha256, content = connection.execute(
            "select submission_id, sha256, content from raw.received_files inner join raw.files using (sha256)"
            " where receipt_number = '2023-688-4014DE'"
        ).fetchone()
        figures = "select sum((read ->> 'members')::numeric), count(*) from raw.sheet_rows"
        planted = with_part("customXml/item1.xml", f"<a>{name}, CCCD {number}</a>")(content)
        connection.execute("update raw.files set content = %s where sha256 = %s", [planted, sha256])
        url = f"file:///inbox/688/bà {name}/{name} {number}.xlsx"
        named = f"{name} {number}.xlsx"
        connection.execute("update raw.received_files set file_name = %s where submission_id = %s", [named, id])
        connection.execute("insert into raw.inbox_sightings values (%s, now(), 1, %s)", [url, id])
        note = Jsonb({"note": f"{name}, 0912345678", "members": "7"})
        connection.execute(
            "update raw.sheet_01_htx set read = read || %s, sent = sent || %s where submission_id = %s",
            [note, note, id],
        )
        before = connection.execute(figures).fetchone()
        connection.commit()
        migrate(connection)
        assert remove_personal_data_once(connection, reference) == 1
        assert remove_personal_data_once(connection, reference) is None
        assert connection.execute("select removed from quality.personal_data_scans").fetchall() == [(1,)]
        assert connection.execute("select content from raw.files where sha256 = %s", [sha256]).fetchone() == (None,)
        assert connection.execute("select count(*) from raw.files where content is not null").fetchone() == (4,)
        assert connection.execute(figures).fetchone() == before
        kept = connection.execute("select string_agg(r::text, '') from raw.sheet_rows as r").fetchone()
        names = connection.execute(
            "select file_name, url from raw.received_files inner join raw.inbox_sightings using (submission_id)"
            " where submission_id = %s",
            [id],
        ).fetchone()
    assert (name in kept[0], "0912345678" in kept[0]) == (False, False)
    assert (names[0], names[1][:-4]) == ("… ….xlsx", "file:///inbox/688/bà …/… ….xlsx#")


def test_an_upgraded_warehouse_speaks_of_promoted_builds(upgraded_url):
    with connect(upgraded_url) as connection:
        assert connection.execute("select outcome from quality.builds").fetchall() == [("promoted",)]
        assert connection.execute("select step from quality.next_build").fetchall() == [("promoted",)]
        assert connection.execute("select count(*) > 50 from quality.promoted_tables").fetchall() == [(True,)]


def test_a_file_that_was_received_in_the_future_stops_reports_until_it_is_amended(upgraded_url):
    at, ahead = datetime(2024, 12, 31, tzinfo=UTC), datetime(2446, 5, 10, tzinfo=UTC)
    with connect(upgraded_url) as connection:
        was = dict(connection.execute("select receipt_number, received_at from raw.received_files").fetchall())
        connection.execute("update raw.received_files set received_at = %s where report_year = 2024", [ahead])
        for number in ("2024-688-B3FD43", "2024-697-69DDF7"):  # the third one was rejected
            with pytest.raises(PublicationRefused, match="was received 2446-05-10 00:00 UTC"):
                require_nothing_later(connection, at)
            amend_receipt(connection, number, was[number], "đồng hồ sai", "Bà A")
        require_nothing_later(connection, at)


@pytest.mark.soak("years")
def test_an_upgraded_warehouse_builds_and_reports(upgraded_url, tmp_path):
    at, reports = datetime(2024, 12, 31, tzinfo=UTC), f"file://{tmp_path}/reports"
    steps.build_warehouse(upgraded_url, tmp_path / "dbt")
    with connect(upgraded_url) as connection:
        assert connection.execute(
            "select indicator_code, value, verdict from reports.rpt_annual_targets"
            " where report_year = 2024 and indicator_code in ('T01', 'T03', 'T11') order by 1"
        ).fetchall() == [("T01", 2, "in_progress"), ("T03", 54, "in_progress"), ("T11", 75, "in_progress")]
    again = workflow.publish_report(upgraded_url, "annual", 2023, at, reports)
    assert (again["version"], again["is_new"]) == ("1.1.0", True)  # figures are read otherwise now
    with connect(upgraded_url) as connection:
        assert connection.execute(
            "select distinct indicator_code, reason from raw.publication_changes where column_name = 'value' order by 1"
        ).fetchall() == [("C23", "changed_code"), ("T18", "publications")]
    with connect(upgraded_url) as connection:  # its models read tables that were dropped since
        assert {each["reason"] for each in verify_publications(connection)} == {"changed_code", "changed_reference"}
    new = workflow.publish_report(upgraded_url, "annual", 2024, at, reports)
    assert (new["version"], new["is_new"], len(new["documents"])) == ("1.0.0", True, 7)


def test_a_migrated_warehouse_is_left_alone(connection):
    assert migrate(connection) is False


def test_an_edited_view_is_created_again_and_rows_stay(connection, monkeypatch, tmp_path):
    connection.execute("insert into raw.files values ('ab12', 'bytes', 5)")
    connection.execute("delete from quality.schema_versions")  # as after an edit of repeatable/
    connection.execute("drop view raw.submissions")
    connection.commit()
    assert migrate(connection) is True
    assert connection.execute("select sha256, byte_count from raw.files").fetchall() == [("ab12", 5)]
    assert connection.execute("select * from raw.submissions").fetchall() == []


def test_four_programs_that_migrate_at_once_migrate_once(empty_url):
    def migrate_there(_) -> bool:
        with connect(empty_url) as connection:
            return migrate(connection)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(migrate_there, range(4))) == [False, False, False, True]


def test_a_failed_migration_leaves_nothing_behind(empty_url, monkeypatch, tmp_path):
    (tmp_path / "broken.sql").write_text("create view raw.broken as select no_such_column from raw.files;")
    monkeypatch.setattr(migrations, "_repeatable", lambda: [tmp_path / "broken.sql"])
    with connect(empty_url) as connection:
        with pytest.raises(Exception, match="no_such_column"):
            migrate(connection)
        assert connection.execute("select to_regclass('raw.files')").fetchone() == (None,)


def test_a_warehouse_of_a_newer_version_is_refused(connection):
    connection.execute("update quality.alembic_version set version_num = '9999'")
    connection.execute("update quality.schema_versions set schema_sha256 = '9999 x'")
    connection.commit()
    with pytest.raises(WarehouseUnreachable, match=r"newer version of this project \(migration 9999; this one has"):
        migrate(connection)


def test_a_warehouse_of_another_branch_is_refused(connection):
    last = migrations._numbers()[-1]
    connection.execute("update quality.schema_versions set schema_sha256 = %s", [f"{last} 0123456789abcdef x"])
    connection.commit()
    with pytest.raises(WarehouseUnreachable, match=f"another branch of this project: its migrations up to {last}"):
        migrate(connection)


def test_views_of_a_newer_version_are_not_replaced_by_those_of_an_older_one(connection):
    installed = connection.execute("select schema_sha256 from quality.schema_versions").fetchone()[0]
    newer = " ".join([*installed.split()[:2], "0123456789abcdef", "100.0"])
    connection.execute("update quality.schema_versions set schema_sha256 = %s", [newer])
    connection.commit()
    with pytest.raises(
        WarehouseUnreachable, match=r"are of version 100\.0 of this project, which is newer than this one"
    ):
        migrate(connection)


def test_somebodys_own_view_on_what_was_received_is_named(connection):
    connection.execute("create view public.own as select receipt_number from raw.submissions")
    connection.execute("delete from quality.schema_versions")  # as after an edit of repeatable/
    connection.commit()
    with pytest.raises(WarehouseUnreachable, match=r"view public\.own depends on view raw\.submissions\. Drop"):
        migrate(connection)
    connection.execute("drop view public.own")
    connection.commit()
    assert migrate(connection) is True


def test_a_login_without_rights_gets_a_sentence_that_names_who_gives_them(connection):
    connection.execute("create role nobody_special")
    connection.execute("set role nobody_special")
    try:
        with pytest.raises(WarehouseUnreachable, match="let the owner of the database run htx roles"):
            migrate(connection)
    finally:
        connection.rollback()


def test_a_database_that_cannot_lower_vietnamese_is_refused_with_the_remedy(run):
    name = f"ascii_{run.worker}"
    with connect(run.url("postgres"), autocommit=True) as administrator:
        administrator.execute(
            f"create database {name} template template0 encoding 'UTF8' locale 'C' locale_provider libc"
        )
    with connect(run.url(name)) as connection:
        with pytest.raises(WarehouseUnreachable, match=r"builtin_locale 'C\.UTF-8'"):
            migrate(connection)


def test_migrations_are_numbered_without_gaps():
    numbers = migrations._numbers()
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_every_table_of_ours_says_what_a_row_is(connection):
    silent = connection.execute(
        "select relname from pg_class where relnamespace = any('{raw, quality}'::regnamespace[])"
        " and relkind = any('{r,p,v}') and not relispartition and obj_description(oid) is null"
    ).fetchall()
    assert silent == []
