"""What is prepared before Superset starts; the whole of it is in tests/reporting/dashboards/test_in_browser.py."""

import pytest

from htx.local import superset
from htx.local.errors import ServicesFailed
from htx.local.secret_files import read_or_write


def test_where_superset_is_missing_it_is_said_what_installs_it(tmp_path):
    with pytest.raises(ServicesFailed, match=r"Superset is not installed in .*: make dashboards"):
        superset.serve_dashboards(tmp_path, "postgresql://nobody@localhost:1/none", tmp_path, print)


def test_superset_reads_the_warehouse_by_a_login_of_its_own():
    url = superset._read_by_superset("postgresql://owner:secret@db.example:5433/warehouse?sslmode=require", "p@ss")
    assert url == "postgresql+psycopg2://superset:p%40ss@db.example:5433/warehouse?sslmode=require"


def test_a_secret_file_is_closed_to_others_and_stays_as_it_was_first_written(tmp_path):
    target = tmp_path / "passwords.json"
    passwords = read_or_write(target, superset._new_passwords)
    assert list(passwords) == ["admin", "viewer", "warehouse"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert read_or_write(target, superset._new_passwords) == passwords
