"""What a build would ask about files from history, the registry and other units, asked before it runs.

The models behind these findings run again, as they and the reference data were in the promoted build, on what was
received since: the findings have the ids that the next build gives them.
"""

import json
import logging
from collections.abc import Callable

import psycopg
from psycopg.sql import Literal

from warehouse.build.builds import promoted_build
from warehouse.build.dbt import code_sha256
from warehouse.connection import scalar
from warehouse.restate.build_inputs import recipe_of, reference_of, versions_of
from warehouse.restate.compiled_sql import relation, render, sources_and_models_behind
from warehouse.restate.stored_sql import StoredSqlRefused, texts_of

FINDINGS = relation("next_quality", "history_findings")
ON_FILES = relation("quality", "file_findings")
RECEIVED = ('"raw".', '"quality".')

# an answer of the unit closes a query, as in quality.findings
ASKED = """
    select json_build_array(is_of_history, answers.finding_id is not null, to_jsonb(found) - 'is_of_history')::text
    from (
        select {columns}, true as is_of_history from ({restated}) as restated
        union all
        select {columns}, false from {on_files}
    ) as found
    inner join "raw"."received_files" as files on found.submission_id = files.submission_id
    left join "quality"."answers" as answers
        on found.finding_id = answers.finding_id
        and files.reporting_unit_code = answers.reporting_unit_code
        and files.report_year = answers.report_year
    where found.submission_id = any({ids}::text[])
    order by sheet_code nulls first, row_number nulls first, rule_code, field_code, found.finding_id
"""

log = logging.getLogger(__name__)


def ask(
    connection: psycopg.Connection,
    submission_ids: list[str],
    columns: str,
    load: Callable[[psycopg.Connection], None] | None = None,
) -> list[tuple[bool, bool, dict]] | None:
    """(is of history, is answered, {column: value}) of each finding on these accepted files; None where no build was
    promoted, or models were edited since.

    `load` writes files that are not in the warehouse, for this question alone: nothing of them stays."""
    try:
        build_id = promoted_build(connection)
        versions = versions_of(connection, build_id) if build_id else None
        query = "select code_sha256 from quality.builds where build_id = %s"
        if not versions or scalar(connection, query, [build_id]) != code_sha256():
            return None
        recipe = recipe_of(connection, versions.models_sha256)
        behind = sources_and_models_behind(recipe, FINDINGS)
        sources = {name: f"select * from {name}" for name in behind if name.startswith(RECEIVED)}
        seeds = {name: file.sql for name, file in reference_of(connection, versions.reference_sha256).items()}
        restated = render(recipe, FINDINGS, {**seeds, **sources})
        ids = Literal(submission_ids).as_string(connection)
        wanted = ASKED.format(columns=columns, restated=restated, on_files=ON_FILES, ids=ids)
        lines = map(json.loads, texts_of(connection, wanted, load))
        return [(is_of_history, is_answered, row) for is_of_history, is_answered, row in lines]
    except (StoredSqlRefused, psycopg.Error) as error:
        log.warning("History, the registry and other units are queried by the next build only: %s", error)
        return None
