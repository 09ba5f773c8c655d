"""What is prepared before Superset starts; the whole of it is in tests/reporting/dashboards/test_in_browser.py."""

import pytest

from htx.local import superset
from htx.local.errors import ServicesFailed
from htx.local.secret_files import read_or_write
from warehouse.connection import connect, scalar
from warehouse.locks import BUILD, lock


def test_where_superset_is_missing_it_is_said_what_installs_it(tmp_path):
    with pytest.raises(ServicesFailed, match=r"Superset is not installed in .*: make dashboards"):
        superset.serve_dashboards(tmp_path, "postgresql://nobody@localhost:1/none", tmp_path, print)


def test_superset_reads_the_warehouse_by_a_login_of_its_own():
    url = superset._read_by_superset("postgresql://owner:secret@db.example:5433/warehouse?sslmode=require", "p@ss")
    assert url == "postgresql+psycopg2://superset:p%40ss@db.example:5433/warehouse?sslmode=require"


def test_the_login_is_made_once_and_a_running_build_is_not_waited_for_then(played, new_database):
    url = new_database(played[1])
    with connect(url, autocommit=True) as connection:
        connection.execute(f"alter database {connection.info.dbname} set statement_timeout = '20s'")
    superset._make_login(url, "mở")
    with connect(url) as building:
        lock(building, BUILD)
        superset._make_login(url, "mở")
    with connect(superset._read_by_superset(url, "mở")) as connection:
        assert scalar(connection, "select count(*) from bi.maps") == 3


def test_before_the_first_build_no_login_is_made(new_database):
    with pytest.raises(ServicesFailed, match="There are no figures yet: make run, or htx build"):
        superset._make_login(new_database(), "mở")


def test_a_secret_file_is_closed_to_others_and_stays_as_it_was_first_written(tmp_path):
    target = tmp_path / "passwords.json"
    passwords = read_or_write(target, superset._new_passwords)
    assert list(passwords) == ["admin", "viewer", "warehouse"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert read_or_write(target, superset._new_passwords) == passwords
