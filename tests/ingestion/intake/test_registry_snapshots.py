"""The registry, pulled from a database of its own."""

import sqlite3
from datetime import date

import pytest

from ingestion.intake.registry_snapshots import RegistryImplausible, RegistryUnreadable, pull_registry

DAY, LATER = date(2023, 3, 24), date(2023, 11, 30)
BETWEEN, NEXT_DAY = date(2023, 6, 30), date(2023, 7, 1)


@pytest.fixture
def source(tmp_path):
    """A registry with 40 cooperatives, 80 managers with their names, and 20 classifications."""
    path = tmp_path / "registry.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(
            """
            create table cooperatives (
                registration_number text primary key, tax_code text, name text, kind text, commune_code text,
                address text, sector text, registered_on date, status text, status_changed_on date,
                charter_capital_vnd numeric, member_count integer, union_founded integer, updated_at timestamp,
                director_name text
            );
            create table managers (
                registration_number text, manager_no integer, full_name text, position text, sex text,
                held_from date, held_to date
            );
            create table classifications (
                registration_number text, year integer, score numeric, class text, decided_on date
            );
            """
        )
        database.executemany(
            "insert into cooperatives values (?, ?, ?, 'cooperative', '25280', 'ấp 1', 'crop', '2019-05-06', 'active',"
            " null, 1500000000, 30, ?, '2023-03-01 08:00:00', 'Trần Thị Ví Dụ')",
            [(f"38001{n:05}", None, f"HTX số {n}", n % 2) for n in range(40)],
        )
        database.executemany(
            "insert into managers values (?, ?, 'Trần Thị Ví Dụ', 'director', ?, '2020-01-01', null)",
            [(f"38001{n:05}", number, "FM"[number % 2]) for n in range(40) for number in (1, 2)],
        )
        database.executemany(
            "insert into classifications values (?, 2022, 82.50, 'good', '2023-01-15')",
            [(f"38001{n:05}",) for n in range(20)],
        )
    return path


def url(path) -> str:
    return f"sqlite:///{path}"


def change(path, statement) -> None:
    with sqlite3.connect(path) as database:
        database.execute(statement)


def counts(connection) -> tuple:
    return connection.execute(
        "select (select count(*) from raw.registry_snapshots), (select count(*) from raw.registry_contents),"
        " (select count(*) from raw.registry_cooperatives), (select count(*) from raw.registry_managers),"
        " (select count(*) from raw.registry_classifications)"
    ).fetchone()


def test_a_pull_keeps_every_row_of_the_contracts_columns_as_text(connection, source):
    pulled = pull_registry(url(source), connection, DAY)
    assert (pulled.is_new, pulled.is_changed) == (True, True)
    assert pulled.row_counts == {"cooperatives": 40, "managers": 80, "classifications": 20}
    assert counts(connection) == (1, 140, 40, 80, 20)
    assert connection.execute(
        "select registration_number, tax_code, name, commune_code, registered_on, charter_capital_vnd, member_count,"
        " union_founded, updated_at from raw.registry_cooperatives where registration_number = '3800100001'"
    ).fetchone() == (
        "3800100001", None, "HTX số 1", "25280", "2019-05-06", "1500000000", "30", "true", "2023-03-01 08:00:00",
    )  # fmt: skip
    assert connection.execute("select distinct score, year from raw.registry_classifications").fetchall() == [
        ("82.5", "2022")
    ]


def test_no_name_of_a_person_is_pulled(connection, source):
    pull_registry(url(source), connection, DAY)
    for table in ("cooperatives", "managers", "classifications"):
        rows = connection.execute(f"select t::text from raw.registry_{table} as t").fetchall()
        assert rows
        assert not [row for (row,) in rows if "Ví Dụ" in row]


def test_the_same_pull_again_changes_nothing(connection, source):
    first = pull_registry(url(source), connection, DAY)
    second = pull_registry(url(source), connection, DAY)
    assert (second.is_new, second.is_changed) == (False, False)
    assert second.snapshot_id == first.snapshot_id
    assert counts(connection) == (1, 140, 40, 80, 20)


def test_the_same_content_on_another_day_adds_the_snapshot_alone(connection, source):
    first = pull_registry(url(source), connection, DAY)
    second = pull_registry(url(source), connection, LATER)
    assert (second.is_new, second.is_changed) == (True, False)
    assert second.content_id == first.content_id
    assert counts(connection) == (2, 140, 40, 80, 20)


def test_a_changed_row_is_kept_beside_what_it_was(connection, source):
    pull_registry(url(source), connection, DAY)
    change(source, "update cooperatives set status = 'suspended' where registration_number = '3800100007'")
    pull_registry(url(source), connection, LATER)
    assert counts(connection) == (2, 280, 41, 80, 20)
    assert connection.execute(
        """
        select snapshots.speaks_of, cooperatives.status
        from raw.registry_snapshots as snapshots
        inner join raw.registry_contents as contents using (content_id)
        inner join raw.registry_cooperatives as cooperatives using (row_id)
        where cooperatives.registration_number = '3800100007'
        order by 1
        """
    ).fetchall() == [(DAY, "active"), (LATER, "suspended")]


def test_a_pull_with_less_than_95_percent_of_the_rows_is_refused_with_how_to_allow_it(connection, source):
    pull_registry(url(source), connection, DAY)
    change(source, "delete from managers where rowid <= 5")
    with pytest.raises(RegistryImplausible, match=r"managers 75 of 80.*--allow-change"):
        pull_registry(url(source), connection, LATER)
    assert counts(connection) == (1, 140, 40, 80, 20)


def test_exactly_95_percent_is_not_refused(connection, source):
    pull_registry(url(source), connection, DAY)
    change(source, "delete from managers where rowid <= 4")
    assert pull_registry(url(source), connection, LATER).row_counts["managers"] == 76


def more(rows: int) -> str:
    return (
        "insert into cooperatives (registration_number, name, kind)"
        f" with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows})"
        " select '75' || i, 'HTX ' || i, 'cooperative' from n"
    )


def test_a_registry_that_holds_another_area_is_refused_with_how_to_allow_it(connection, source):
    pull_registry(url(source), connection, DAY)
    change(source, more(21))
    reason = r"far more rows than that of 2023-03-24, perhaps of another area: cooperatives 61 of 40\..*--allow-change"
    with pytest.raises(RegistryImplausible, match=reason):
        pull_registry(url(source), connection, LATER)
    assert counts(connection) == (1, 140, 40, 80, 20)
    assert pull_registry(url(source), connection, LATER, "cả tỉnh mới, công văn 15").row_counts["cooperatives"] == 61


def test_half_as_many_cooperatives_again_is_not_refused(connection, source):
    pull_registry(url(source), connection, DAY)
    change(source, more(20))
    assert pull_registry(url(source), connection, LATER).row_counts["cooperatives"] == 60


def test_a_shrink_that_someone_allows_is_taken_over_with_the_reason(connection, source):
    pull_registry(url(source), connection, DAY)
    change(source, "delete from managers where rowid <= 40")
    with pytest.raises(RegistryImplausible):
        pull_registry(url(source), connection, LATER, allow_because="  ")
    pull_registry(url(source), connection, LATER, allow_because="rà soát lại, công văn 15")
    assert connection.execute(
        "select speaks_of, shrink_allowed_because from raw.registry_snapshots order by 1"
    ).fetchall() == [(DAY, None), (LATER, "rà soát lại, công văn 15")]


def test_a_pull_of_a_day_before_all_others_is_compared_with_the_next_one(connection, source):
    pull_registry(url(source), connection, LATER)
    change(source, "delete from managers where rowid <= 40")
    reason = r"of 2023-03-24 .* than that of 2023-11-30 \(no earlier one exists\): managers 40 of 80\."
    with pytest.raises(RegistryImplausible, match=reason):
        pull_registry(url(source), connection, DAY)
    assert pull_registry(url(source), connection, DAY, "fewer then").row_counts["managers"] == 40


def test_a_pull_of_a_day_between_others_is_compared_with_the_one_before_whenever_it_was_pulled(connection, source):
    pull_registry(url(source), connection, LATER)
    change(source, "delete from managers where rowid <= 40")
    pull_registry(url(source), connection, DAY, "fewer then")
    assert pull_registry(url(source), connection, BETWEEN).row_counts["managers"] == 40
    change(source, "delete from managers where rowid <= 50")
    with pytest.raises(
        RegistryImplausible, match=r"than that of 2023-06-30: managers 30 of 40.*--as-of 2023-07-01 --allow"
    ):
        pull_registry(url(source), connection, NEXT_DAY)


def test_a_reason_can_be_given_later_for_what_a_larger_pull_of_an_older_day_makes_look_shrunk(connection, source):
    with_all = [(DAY, None), (LATER, None)]
    of_snapshots = "select speaks_of, shrink_allowed_because from raw.registry_snapshots order by 1"
    change(source, "delete from managers where rowid <= 40")
    smaller = source.with_name("smaller.sqlite")
    smaller.write_bytes(source.read_bytes())
    pull_registry(url(smaller), connection, LATER)
    change(source, "insert into managers select registration_number, 3, '', 'director', 'F', null, null from managers")
    pull_registry(url(source), connection, DAY)
    assert connection.execute(of_snapshots).fetchall() == with_all
    with pytest.raises(RegistryImplausible, match="managers 40 of 60"):
        pull_registry(url(smaller), connection, LATER)
    assert not pull_registry(url(smaller), connection, LATER, "rà soát lại").is_new
    assert connection.execute(of_snapshots).fetchall() == [(DAY, None), (LATER, "rà soát lại")]


def test_an_empty_registry_is_refused_also_the_first_time(connection, source):
    for table in ("cooperatives", "managers", "classifications"):
        change(source, f"delete from {table}")
    with pytest.raises(RegistryImplausible, match="cooperatives 0"):
        pull_registry(url(source), connection, DAY)


def test_a_source_that_lacks_a_column_is_unreadable(connection, source):
    change(source, "alter table managers drop column sex")
    with pytest.raises(RegistryUnreadable, match="no such column: sex"):
        pull_registry(url(source), connection, DAY)
    assert counts(connection) == (0, 0, 0, 0, 0)


def test_a_missing_source_is_not_created(connection, tmp_path):
    with pytest.raises(RegistryUnreadable, match="does not exist"):
        pull_registry(url(tmp_path / "none.sqlite"), connection, DAY)
    assert not (tmp_path / "none.sqlite").exists()


def test_the_registry_may_lie_in_any_database(connection, warehouse_url, source):
    pull_registry(url(source), connection, DAY)
    connection.execute("create schema elsewhere")
    for table in ("cooperatives", "managers", "classifications"):
        connection.execute(f"create table elsewhere.{table} as select * from raw.registry_{table}")
    connection.commit()
    address = warehouse_url.replace("postgresql://", "postgresql+psycopg://") + "?options=-csearch_path%3Delsewhere"
    pulled = pull_registry(address, connection, LATER)
    assert (pulled.is_changed, pulled.row_counts["cooperatives"]) == (False, 40)


@pytest.mark.parametrize(
    "kind", ["timestamp using updated_at::timestamp", "timestamptz using (updated_at || '+07')::timestamptz"]
)
def test_the_same_rows_with_timestamps_of_a_database_are_the_same_content(connection, warehouse_url, source, kind):
    first = pull_registry(url(source), connection, DAY)
    connection.execute("create schema elsewhere")
    for table in ("cooperatives", "managers", "classifications"):
        connection.execute(f"create table elsewhere.{table} as select * from raw.registry_{table}")
    connection.execute(f"alter table elsewhere.cooperatives alter column updated_at type {kind}")
    connection.commit()
    address = warehouse_url.replace("postgresql://", "postgresql+psycopg://") + "?options=-csearch_path%3Delsewhere"
    assert pull_registry(address, connection, DAY).snapshot_id == first.snapshot_id
    change(source, "update cooperatives set updated_at = replace(updated_at, ' ', 'T') || '.000'")
    assert pull_registry(url(source), connection, DAY).snapshot_id == first.snapshot_id
