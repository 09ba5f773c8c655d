"""Writes `bi` into a folder of open data. The same rows give the same files."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from htx.lineage import NothingPublished
from htx.open_data import files
from htx.open_data.package import File, Subject, data_package, left_out, name_of
from htx.open_data.storage import ExportRefused, OpenDataFolder
from htx.open_data.tables import Row, Table, Words, rows_of_bi, tables_of_bi
from warehouse import roles
from warehouse.connection import connect

FORMATS = ("csv", "parquet")


def export_bi(warehouse_url: str, folder_url: str, formats: Sequence[str] = FORMATS) -> dict:
    """Write what is shared of `bi` as of one instant, with the rights of its readers where this login may take them.

    Gives place, version, sha256, tables ({table: rows}). Raises WarehouseUnreachable, NothingPublished, ExportRefused,
    InvalidReferenceData."""
    with connect(warehouse_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        _read_as_bi(connection)
        subject = _promoted(connection)
        tables = {table: rows_of_bi(connection, table) for table in shared_tables(connection)}
        return write(folder_url, formats, subject, tables)


def shared_tables(connection: psycopg.Connection) -> list[Table]:
    """The tables of `bi` without the columns that open_data.csv leaves out; the words of such a table say so.

    Raises ExportRefused where it names a column that does not exist, since a misspelt one would be shared."""
    names, why = left_out()
    tables = tables_of_bi(connection)
    known = {f"{table.name}.{each.name}" for table in tables for each in table.columns if each.name not in table.key}
    if unknown := names - known:
        raise ExportRefused(f"open_data.csv, left_out: bi has no column {', '.join(sorted(unknown))} outside its keys.")
    return [_without(table, names, why) for table in tables]


def _without(table: Table, names: Set[str], why: Words) -> Table:
    columns = tuple(each for each in table.columns if f"{table.name}.{each.name}" not in names)
    if columns == table.columns:
        return table
    return replace(table, columns=columns, words=Words(f"{table.words.en} {why.en}", f"{table.words.vi} {why.vi}"))


def write(folder_url: str, formats: Sequence[str], subject: Subject, tables: Mapping[Table, Iterable[Row]]) -> dict:
    """Write tables with what they are into a folder; as export_bi. Raises ExportRefused, InvalidReferenceData."""
    folder, name = OpenDataFolder.at(folder_url), name_of(subject)
    if (before := folder.package()) and before["name"] != name:
        raise ExportRefused(f"{folder.url} is that of {before['name']}: export {name} into another folder.")
    with TemporaryDirectory(prefix="htx-export-") as made:
        written, counts, years = _written(Path(made), formats, tables)
        sha256 = hashlib.sha256("".join(f"{each.sha256}  {each.path}\n" for each in written).encode()).hexdigest()
        placed = [replace(each, path=f"data-{sha256[:12]}/{each.path}") for each in written]
        for file, each in zip(written, placed, strict=True):
            folder.put(Path(made) / file.path, each.path)
    folder.publish(data_package(subject, placed, sha256, years))
    return {"place": folder.url, "version": subject.version, "sha256": sha256, "tables": counts}


def _read_as_bi(connection: psycopg.Connection) -> None:
    # a login that may not become its reader reads schema bi all the same
    with suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue), connection.transaction():
        connection.execute(f"set local role {roles.GROUPS['bi']}".encode())


def _promoted(connection: psycopg.Connection) -> Subject:
    found = None
    with suppress(psycopg.errors.UndefinedTable):
        found = connection.execute("select happened_at, what from bi.freshness where event = 'promoted'").fetchone()
    if found is None or found[0] is None:
        raise NothingPublished("Nothing has been promoted yet: run htx build.")
    at, build_id = found
    return Subject(build_id, at, "IRREG", described={"build": {"build_id": build_id, "promoted_at": at.isoformat()}})


def _written(
    made: Path, formats: Sequence[str], tables: Mapping[Table, Iterable[Row]]
) -> tuple[list[File], dict[str, int], Sequence[int]]:
    """The files, {table: rows}, and the years that they have figures of."""
    written: list[File] = []
    counts: dict[str, int] = {}
    years: set[int] = set()
    for table, rows in tables.items():
        as_csv = made / f"{table.name}.csv"
        counts[table.name] = files.write_csv(as_csv, table, _noting_years(table, rows, years))
        if "parquet" in formats:
            files.write_parquet(made / f"{table.name}.parquet", table, as_csv)
        for format in sorted(formats):
            path = made / f"{table.name}.{format}"
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            written.append(File(table, format, path.name, path.stat().st_size, sha256))
    return written, counts, sorted(years)


def _noting_years(table: Table, rows: Iterable[Row], years: set[int]) -> Iterator[Row]:
    """The rows, while their report years are added to `years`."""
    names = [each.name for each in table.columns]
    if "report_year" not in names:
        yield from rows
        return
    place = names.index("report_year")
    for row in rows:
        years.add(int(row[place] or 0))
        yield row
