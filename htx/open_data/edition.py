"""An edition as tables of `bi`: its frozen figures under the labels of its day, and nothing of today.

The tables are what the edition's own models make of its records and its own reference data; tables that need more than
these are left out. Coverage and the like, which records lack, is restated by these models from the edition's inputs,
where the figure comes out as it was published. What units counted of priority groups gets into none of them
(docs/disclosure-control.md).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import psycopg
from psycopg.sql import SQL, Composable, Identifier, Literal

from htx.editions.wording import named
from htx.open_data.export import FORMATS, shared_tables, write
from htx.open_data.package import Subject
from htx.open_data.storage import OpenDataFolder
from htx.open_data.tables import Row, Table, Words
from warehouse.editions import papers, priority_counts
from warehouse.editions.editions import (
    VALUES,
    VERDICTS,
    Edition,
    edition_kept,
    restated,
    rows_of_inputs,
    versions_of,
)
from warehouse.editions.priority_counts import PRIORITY_GROUP
from warehouse.editions.records import FIGURE_TABLES, Publication, PublicationRefused, publications
from warehouse.migrations import open_warehouse
from warehouse.reference.phrases import phrase
from warehouse.restate.as_of import rows_of_known_files
from warehouse.restate.compiled_sql import Recipe, relation, render, sources_and_models_behind
from warehouse.restate.stored_sql import texts_of

RESTATED = {
    "value": {"bound_kind": "text", "units_expected": "integer", "units_reported": "integer"},
    "verdict": {"bound_kind": "text", "standing": "text"},
}
"""columns of a figure that an edition has no records of, and their types"""
ASSIGNED = relation("intermediate", "int_measures_assigned")
OF_ONE_EDITION = ("publications", "publication_priority_counts")
TITLES_EN = {"annual": "yearly report {period}", "phase_review": "review of phase {period}"}


def export_edition(warehouse_url: str, publication_id: str, folder_url: str, formats: Sequence[str] = FORMATS) -> dict:
    """Write the figures of an edition as they were published; as export_bi. Raises PublicationRefused too."""
    with open_warehouse(warehouse_url) as connection:
        publication = next((each for each in publications(connection, publication_id) if each.version), None)
        if publication is None:
            raise PublicationRefused(f"There is no published report {publication_id}.")
        edition = edition_kept(connection, publication)
        frozen = _frozen(connection, edition)
        known = shared_tables(connection)
        made = [table for table in known if _is_made_of(edition.recipe, relation("next_bi", table.name), frozen)]
        tables = {table: _rows(connection, edition.recipe, table, frozen) for table in made}
        subject = _subject(connection, publication)
        lacking = {
            "tables_left_out": [table.name for table in known if table not in tables],
            "columns_left_empty": {
                table.name: names for table in made if (names := _unknown(connection, edition.recipe, table, frozen))
            },
        }
        return write(folder_url, formats, replace(subject, described={**subject.described, "lacking": lacking}), tables)


def export_issued(warehouse_url: str, folder_url: str) -> list[dict]:
    """Write each edition that was issued into a folder of its own below `folder_url`, unless it is there as it is now;
    as export_edition, for each that was written."""
    with open_warehouse(warehouse_url) as connection:
        issued = {id for (id,) in connection.execute("select publication_id from raw.publication_issues")}
        subjects = [
            _subject(connection, each)
            for each in publications(connection)
            if each.version and each.publication_id in issued
        ]
    made = []
    for subject in subjects:
        place = f"{folder_url.rstrip('/')}/{subject.suffix.removeprefix('-')}"
        there = OpenDataFolder.at(place).package() or {}
        if there.get("edition") != subject.described["edition"]:
            made.append(export_edition(warehouse_url, subject.described["edition"]["publication_id"], place))
    return made


def find_edition(warehouse_url: str, kind: str, period: int, version: str | None) -> str:
    """The id of a version of a report, or of its last one. Raises PublicationRefused."""
    with open_warehouse(warehouse_url) as connection:
        found = [each for each in versions_of(connection, kind, period) if version in (None, each.version)]
    if not found:
        raise PublicationRefused(
            f"There is no {kind} {period}{f' {version}' if version else ''}: htx publications list."
        )
    return found[-1].publication_id


def _frozen(connection: psycopg.Connection, edition: Edition) -> dict[str, str]:
    """{relation: SQL} of all that the edition keeps, and of who owed which figure by its files."""
    id = edition.publication.publication_id
    frozen = {name: file.sql for name, file in edition.reference.items()}
    if ASSIGNED in edition.recipe.models:
        files = rows_of_inputs(connection, edition.inputs) | rows_of_known_files(edition.recipe, ASSIGNED)
        frozen[ASSIGNED] = render(edition.recipe, ASSIGNED, frozen | files)
    made = _restated(connection, edition)
    for name, figure in ((VALUES, "value"), (VERDICTS, "verdict")):
        table, key, columns = FIGURE_TABLES[figure]
        kept = _of_edition(table, id, SQL(", ").join(map(Identifier, (*key, *columns))))
        frozen[name] = f"select * from ({kept}) as kept left join ({made[figure]}) as made using ({', '.join(key)})"
    of_groups = _of_edition("publication_figures", id, SQL("indicator_code, measure_code"))
    of_groups += f" and breakdown = {_literal(PRIORITY_GROUP)}"
    frozen[VALUES] += f" where (indicator_code, measure_code) not in ({of_groups})"
    return frozen | {relation("raw", name): _of_edition(name, id, SQL("*")) for name in OF_ONE_EDITION}


def _restated(connection: psycopg.Connection, edition: Edition) -> dict[str, str]:
    """{figure: SQL} that gives the columns of RESTATED of each figure that is restated as it was published."""
    of_groups = priority_counts.priority_measures(edition.figures)
    made = priority_counts.without(restated(connection, edition, beside=RESTATED), of_groups)
    found = {}
    for figure, types in RESTATED.items():
        _, key, kept = FIGURE_TABLES[figure]
        rows = [
            dict(zip((*key, *types), (*place[1:], *columns[len(kept) :]), strict=True))
            for place, columns in made.items()
            if place[0] == figure and columns[: len(kept)] == edition.figures.get(place)
        ]
        columns = ", ".join(f"{name} {'integer' if name == 'report_year' else 'text'}" for name in key)
        columns += "".join(f", {name} {type_}" for name, type_ in types.items())
        found[figure] = f"select * from jsonb_to_recordset({_literal(json.dumps(rows))}) as made ({columns})"
    return found


def _of_edition(table: str, publication_id: str, columns: Composable) -> str:
    query = SQL("select {} from raw.{} where publication_id = {}")
    return query.format(columns, Identifier(table), Literal(publication_id)).as_string(None)


def _literal(text: str) -> str:
    return Literal(text).as_string(None)


def _is_made_of(recipe: Recipe, table: str, frozen: Mapping[str, str]) -> bool:
    """Whether a model exists and reads nothing but what is frozen."""
    cut = Recipe({name: model for name, model in recipe.models.items() if name not in frozen}, recipe.seeds)
    return table in cut.models and all(
        name in frozen or name in cut.models for name in sources_and_models_behind(cut, table)
    )


def _rows(connection: psycopg.Connection, recipe: Recipe, table: Table, frozen: Mapping[str, str]) -> Iterator[Row]:
    """The rows of a table; a column that the edition's models do not have is empty."""
    columns = SQL(", ").join(
        SQL("(to_jsonb(made) ->> {})::{} as {}").format(each.name, SQL(each.type), Identifier(each.name))
        for each in table.columns
    )
    made = SQL("(select {} from ({}) as made)").format(
        columns, SQL(render(recipe, relation("next_bi", table.name), frozen))
    )
    query = table.query(made, as_line="json_build_array({})::text").as_string(connection)
    yield from map(json.loads, texts_of(connection, query))


def _unknown(connection: psycopg.Connection, recipe: Recipe, table: Table, frozen: Mapping[str, str]) -> list[str]:
    """The columns of a table that the edition's models do not have."""
    made = render(recipe, relation("next_bi", table.name), frozen)
    nothing = f"select made.* from (values (1)) as one left join ({made}) as made on false"
    known = {*texts_of(connection, f"select jsonb_object_keys(to_jsonb(nothing)) from ({nothing}) as nothing")}
    return [each.name for each in table.columns if each.name not in known]


def _subject(connection: psycopg.Connection, publication: Publication) -> Subject:
    period, version = publication.period, publication.version or ""
    title = Words(
        en=f"{TITLES_EN[publication.kind].format(period=period)}, edition {version}",
        vi=phrase("report.edition", name=named(publication.kind, period), version=version),
    )
    return Subject(
        version=version,
        at=publication.published_at,
        frequency="NEVER",
        suffix=f"-{publication.kind}-{period}-{version}".replace("_", "-"),
        title=title,
        described={
            "edition": {
                "publication_id": publication.publication_id,
                "kind": publication.kind,
                "period": period,
                "version": version,
                "published_at": publication.published_at.isoformat(),
                "figures_sha256": publication.figures_sha256,
                "supersedes": publication.supersedes,
                "papers": _papers(papers.states_of(connection, publication.publication_id)),
            }
        },
    )


def _papers(states: Sequence[papers.PaperState]) -> list[dict]:
    """What became of the paper of each recipient; no name of a person."""
    found = []
    for recipient in sorted({each.recipient for each in states}):
        its = [each for each in states if each.recipient == recipient]
        signed, issued = papers.standing_signature(its), papers.last(its, papers.ISSUED)
        found.append(
            {
                "recipient": recipient,
                "state": papers.state_of(its),
                "number": signed.paper_number if signed else None,
                "signed_on": signed.happened_on.isoformat() if signed else None,
                "issued_on": issued.happened_on.isoformat() if issued else None,
            }
        )
    return found
