"""Bitemporal as-of queries: figures as of a receipt time (`received_by`) and a load time (`seen_by`).

`received_by`: files received, days described by registry snapshots, reports published and issued, dates passed by then.
`seen_by`: what this warehouse had loaded by then. Models and reference data are those of the promoted build; verdicts
on files stay as they were given, late permits included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg
from psycopg.sql import SQL, Identifier

from warehouse.connection import scalar
from warehouse.reference.phrases import phrase
from warehouse.reference.time_zone import VIET_NAM
from warehouse.restate.build_inputs import recipe_of, reference_of, versions_of
from warehouse.restate.compiled_sql import PLANNER, Recipe, relation, render, sources_and_models_behind
from warehouse.table_shapes import shapes_of

VALUES = relation("next_marts", "fct_indicator_values")
FILES, SNAPSHOTS = relation("raw", "received_files"), relation("raw", "registry_snapshots")
PUBLICATIONS, SENDINGS = relation("raw", "publications"), relation("raw", "publication_sendings")
STATES, ISSUES = relation("raw", "publication_states"), relation("raw", "publication_issues")
CLOCK = relation("quality", "build_clock")
BUILDERS = "htx_transformation"

STATE_ID = "publication_id || ' ' || recipient || ' ' || position"
DAY_IN_VIET_NAM = f"({{}} at time zone '{VIET_NAM.key}')::date"

# The figures of an indicator rest on no other's contributions: statuses, bounds and all else follow from its own.
BEHIND = ("int_contributions_combined", "int_measures_assigned", "int_indicator_values_computed")
OF_ONE = dict.fromkeys([VALUES, *(relation("intermediate", name) for name in BEHIND)], "indicator_code = $1")


@dataclass(frozen=True)
class Question:
    """A function of reports that answers what was known."""

    name: str
    parameters: Mapping[str, str]
    """name -> type, received_by and seen_by the last ones"""
    comment: str
    narrowed: Mapping[str, str] = field(default_factory=dict)
    """models that need some of their rows only: {relation: SQL}"""

    @property
    def signature(self) -> str:
        return f"{self.name}({', '.join(self.parameters.values())})"

    @property
    def declared(self) -> str:
        listed = ", ".join(f"{name} {type_}" for name, type_ in self.parameters.items())
        return f"{self.name}({listed} default 'infinity')"

    def query(self, recipe: Recipe, seeds: Mapping[str, str]) -> str:
        """The figures known, with $1, $2 ... for the parameters."""
        last = len(self.parameters)
        known = as_known(f"${last - 1}", f"${last}")
        replaced = {**seeds, **known, **rows_of_known_files(recipe, VALUES)}
        # an earlier build, after a rollback, may have models of other names behind the figures
        narrowed = {name: condition for name, condition in self.narrowed.items() if name in recipe.models}
        return render(recipe.narrowed(narrowed), VALUES, replaced)


INSTANTS = {"received_by": "timestamptz", "seen_by": "timestamptz"}
QUESTIONS = (
    Question(
        "reports.indicator_values_as_known_at",
        INSTANTS,
        f"{phrase('as_known_comment')} /"
        " The figures as known at an instant: from what had been received by then (received_by) and, if asked for, what"
        " this system had seen by another instant (seen_by); models and reference data are those promoted last.",
    ),
    Question(
        "reports.indicator_as_known_at",
        {"indicator": "text", **INSTANTS},
        f"{phrase('as_known_of_one_comment')} / The same figures of one indicator, in a fraction of the time.",
        OF_ONE,
    ),
)


def as_known(received_by: str, seen_by: str) -> dict[str, str]:
    """Replacements of the sources by what was known as of two instants, SQL expressions of type timestamptz."""
    return {
        FILES: f"select * from {FILES} where received_at <= {received_by} and first_seen_at <= {seen_by}",
        SNAPSHOTS: f"select * from {SNAPSHOTS}"
        f" where speaks_of <= {DAY_IN_VIET_NAM.format(received_by)} and pulled_at <= {seen_by}",
        PUBLICATIONS: f"select * from {PUBLICATIONS}"
        f" where least(published_at, recorded_at) <= {received_by} and recorded_at <= {seen_by}",
        SENDINGS: f"select * from {SENDINGS}"
        f" where least(sent_at, recorded_at) <= {received_by} and recorded_at <= {seen_by}",
        STATES: f"select * from {STATES}"
        f" where least(raw.midnight(happened_on + 1), recorded_at) <= {received_by} and recorded_at <= {seen_by}",
        CLOCK: f"select least(passed_until, {received_by}) as passed_until from {CLOCK}",
    }


def rows_of_known_files(recipe: Recipe, wanted: str) -> dict[str, str]:
    """Replacements of all tables with rows of files by the rows of the files that are known."""
    behind = sources_and_models_behind(recipe, wanted)
    with_files = {name for name in behind if name.startswith(('"raw"."sheet', '"quality"."file_findings"'))}
    return {
        name: f"select * from {name} where submission_id in (select submission_id from {FILES})" for name in with_files
    }


def create_functions(connection: psycopg.Connection, build_id: str) -> None:
    """Create the functions of QUESTIONS from the models and reference data of a build.

    Belongs to the transaction that promotes or rolls back. Does nothing for a build without recorded versions."""
    versions = versions_of(connection, build_id)
    if versions is None:
        return
    recipe = recipe_of(connection, versions.models_sha256)
    seeds = {name: file.sql for name, file in reference_of(connection, versions.reference_sha256).items()}
    shape = shapes_of(connection, "marts")["fct_indicator_values"]
    columns = {name: type_ for name, (type_, _) in shape.columns.items()}
    for question in QUESTIONS:
        _create(connection, question, question.query(recipe, seeds), columns)


def _create(connection: psycopg.Connection, question: Question, restated: str, columns: Mapping[str, str]) -> None:
    settings = {**PLANNER, "search_path": "pg_catalog, pg_temp", "timezone": "UTC"}
    # not `setof` the table, whose type would depend on it: a promotion could then not drop its columns
    typed = SQL(", ").join(SQL("{} {}").format(Identifier(name), SQL(type_)) for name, type_ in columns.items())
    listed = SQL(", ").join(map(Identifier, columns))
    template = SQL(
        f"create or replace function {question.declared}"
        " returns table ({typed}) language sql stable security definer"
        + "".join(f" set {name} to {value}" for name, value in settings.items())
        + " as {body}"
    )
    body = SQL("select {} from ({}) as restated").format(listed, SQL(restated)).as_string(connection)
    definition = template.format(typed=typed, body=body)
    try:
        with connection.transaction():
            connection.execute(definition)
    except psycopg.errors.InvalidFunctionDefinition:  # the figures have other columns now
        connection.execute(f"drop function {question.signature}")
        connection.execute(definition)
    # security definer: it reads raw with its owner's rights, so each role needs an explicit grant. Its SQL was written
    # by the group of builds, and runs with no more rights than that group has.
    if scalar(connection, "select to_regrole(%s)", [BUILDERS]) is not None:
        connection.execute(f"alter function {question.signature} owner to {BUILDERS}")
    connection.execute(f"revoke all on function {question.signature} from public")
    connection.execute(SQL("comment on function {} is {}").format(SQL(question.signature), question.comment))
