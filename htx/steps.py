"""The steps of the yearly cycle that the command line and the DAGs share.

Each step takes and returns URLs and plain values, so that an Airflow task and a command do exactly the same. Errors:
WarehouseUnreachable, InvalidReferenceData, RegistryImplausible, GateFailed, DbtFailed, BuildOvertaken, BuildRolledBack
and RollbackRefused, each with a message for the reader of the log.
"""

import logging
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg

from expectations.errors import GateFailed
from expectations.reference.reference_checks import PlanFinding, moved_findings, require_sound_plan
from htx.loading import (
    FILES_IN_A_BATCH,
    answer_queries,
    check_files,
    list_new_files,
    load_batch,
    load_files,
    read_mailbox,
    review,
)
from ingestion.feedback.answers import write_answers
from ingestion.intake import registry_snapshots
from ingestion.intake.registry_snapshots import RegistryUnreadable
from ingestion.template import form_workbook, prefill
from warehouse import roles
from warehouse.build import build_clock, builds, dbt, input_fingerprints
from warehouse.connection import scalar
from warehouse.editions import moved_verdicts
from warehouse.migrations import open_warehouse
from warehouse.promote import promote, rollback
from warehouse.reference.deadlines import due_at
from warehouse.reference.reference_data import plan_folder, read_reference
from warehouse.reference.time_zone import VIET_NAM
from warehouse.restate import build_inputs, compiled_build, decision_scenarios

log = logging.getLogger(__name__)


def pull_registry(
    warehouse_url: str, registry_url: str, speaks_of: str | date | None = None, allow_because: str | None = None
) -> dict:
    """Pull a snapshot of the registry as of a day (today in Viet Nam when none is given).

    Raises RegistryImplausible when it has far fewer or more rows than the snapshot before and no reason is given."""
    day = date.fromisoformat(speaks_of) if isinstance(speaks_of, str) else speaks_of or today()
    if day > today():
        raise RegistryUnreadable(f"{day} is in the future: the registry cannot be pulled as of it.")
    with open_warehouse(warehouse_url) as connection:
        pulled = asdict(registry_snapshots.pull_registry(registry_url, connection, day, allow_because))
    return {**pulled, "speaks_of": day.isoformat()}


def prefilled_form(warehouse_url: str, unit_code: str, year: int) -> bytes:
    """The workbook that a unit fills in for a year, with what is known of it.

    UnknownUnit when the unit is not on the roster of that year."""
    reference = read_reference(plan_folder())
    unit = reference.unit(unit_code, year)
    with open_warehouse(warehouse_url) as connection:
        cover, sheets = prefill.known_values(connection, unit, year, reference)
        last_year = prefill.reported_last_year(connection, unit, year, reference)
        late_from = due_at(connection, reference, unit)
    return form_workbook.write_workbook(reference.form_for(year), reference, cover, sheets, unit, last_year, late_from)


def validate_batch(
    warehouse_url: str,
    again: bool = False,
    as_of: datetime | None = None,
    accept_because: str | None = None,
    by: str = "unknown",
) -> dict:
    """Gate before dbt: is the reference data sound, and what was received whole and plausible? Raises GateFailed.

    Gives the build that the next steps are about: build_id, state_sha256, warnings, and whether anything changed
    since the last promotion; if not, `unchanged` is a sentence. What was promoted and rolled back counts as unchanged
    until it does change, and so does a warehouse without an accepted file or without a registry. `again`: build also
    if nothing changed. `as_of`: the instant by which dates of the province's reports have passed, now by default.
    `accept_because`: why verdicts of years whose report was issued may move with the reference data, and `by` whom;
    without a reason they may not."""
    require_sound_plan(plan_folder())
    with open_warehouse(warehouse_url) as connection:
        build_clock.set_clock(connection, as_of or datetime.now(UTC))
        state = input_fingerprints.read_fingerprint(connection)
        unchanged = None if again else _nothing_to_build(connection, state) or _too_early(connection)
        changed = unchanged is None
        warnings = (
            [*_moved_verdicts(connection, accept_because, by), *_warnings_of_batch(connection)] if changed else []
        )
    for warning in warnings:
        log.warning("%s", warning)
    build_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{state[:8]}"
    return {
        "build_id": build_id,
        "state_sha256": state,
        "changed": changed,
        "unchanged": unchanged,
        "warnings": warnings,
    }


def is_up_to_date(warehouse_url: str) -> bool:
    """Whether the public marts were built from all that was received and the present models and reference data, or
    such marts were promoted and rolled back."""
    with open_warehouse(warehouse_url) as connection:
        return nothing_to_build(connection) is not None


def nothing_to_build(connection: psycopg.Connection) -> str | None:
    """Why a build would change nothing; None if it would."""
    return _nothing_to_build(connection, input_fingerprints.read_fingerprint(connection))


def build_marts(warehouse_url: str, build: dict, output: Path) -> None:
    """Build the marts into next_* and test them: by dbt, or, if models, seeds and tests are those of its last run, by
    the SQL that it compiled then. Raises DbtFailed.

    `output`: the folder for dbt's own files, its log among them."""
    build_id = build["build_id"]
    with open_warehouse(warehouse_url) as connection, builds.building(connection, build_id, build["state_sha256"]):
        code = compiled_build.code_version(connection)
        compiled = compiled_build.read(connection, code)
        if compiled:
            recipe = compiled_build.run(connection, compiled, build_id)
        else:
            log.info("dbt builds all models and tests; its log is %s", output / "logs" / "dbt.log")
            builds.clear_next(connection)
            done = dbt.run_dbt(warehouse_url, ["build", "--exclude-resource-type", "unit_test"], output)
            log.info("dbt: %s", dict(done))
            recipe = build_inputs.keep_versions(connection, output, build_id)
            if compiled_build.code_version(connection) == code:  # no file was edited meanwhile
                compiled_build.keep(connection, output, recipe, build_id, code)
        decision_scenarios.compute_scenarios(connection, recipe, warehouse_url)
        log.info("decision scenarios computed")


def validate_marts(warehouse_url: str, build: dict) -> list[str]:
    """Gate after dbt, on what is not yet public. Raises GateFailed; the last promoted version then stays."""
    from expectations.gates.gates import validate_marts as gate

    with open_warehouse(warehouse_url) as connection, builds.validating(connection, build["build_id"]):
        try:
            warnings = gate(connection).warnings
        except GateFailed:
            builds.mark_refused(connection, build["build_id"])
            raise
    for warning in warnings:
        log.warning("%s", warning)
    return warnings


def promote_marts(warehouse_url: str, build: dict) -> None:
    """Promote what was built and validated, in one transaction."""
    with open_warehouse(warehouse_url) as connection:
        promote.promote(connection, build["build_id"], build["state_sha256"])


def build_warehouse(
    warehouse_url: str,
    output: Path,
    again: bool = False,
    outbox_url: str | None = None,
    as_of: datetime | None = None,
    accept_because: str | None = None,
    by: str = "unknown",
) -> dict:
    """The steps of a build, one after the other; what `htx build` does. Gives what validate_batch gives."""
    build = validate_batch(warehouse_url, again, as_of, accept_because, by)
    if build["changed"]:
        build_marts(warehouse_url, build, output)
        build["warnings"] = [*build["warnings"], *validate_marts(warehouse_url, build)]
        promote_marts(warehouse_url, build)
    if outbox_url:
        answer_queries(warehouse_url, outbox_url)
    return build


def roll_back(warehouse_url: str, by: str, because: str | None = None) -> dict:
    """Bring the public tables back to the version before the last promotion. Raises RollbackRefused.

    Gives the build that is public now, and how many rows of how many tables changed."""
    with open_warehouse(warehouse_url) as connection:
        changes = rollback.roll_back(connection, by, because)
        public = builds.promoted_build(connection)
    rows = sum(each.deleted + each.inserted for each in changes)
    return {"build_id": public, "tables": len(changes), "rows": rows}


def apply_roles(
    warehouse_url: str, login: str | None = None, group: str | None = None, password: str | None = None
) -> dict[str, list[str]]:
    """Give each group of roles.GROUPS its rights, make a login where one is named; the logins by group."""
    with open_warehouse(warehouse_url) as connection:
        roles.apply_rights(connection)
        if login and group:
            roles.give_login(connection, login, group, password)
        return roles.members(connection)


def today() -> date:
    """The day in Viet Nam."""
    return datetime.now(VIET_NAM).date()


def _nothing_to_build(connection: psycopg.Connection, state: str) -> str | None:
    if builds.promoted_state(connection) == state:
        return "nothing changed since the last promotion"
    return builds.rollback_of(connection, state)


def _too_early(connection: psycopg.Connection) -> str | None:
    """What has to come before there is anything to build; None if all has."""
    if not scalar(connection, "select exists (select from raw.received_files where verdict = 'accepted')"):
        return "no file has been accepted yet: the first build follows the first accepted file"
    if not scalar(connection, "select exists (select from raw.registry_snapshots)"):
        return "the registry has not been pulled yet: the first build follows the first pull (htx pull-registry)"
    return None


def moved_by_reference_data(warehouse_url: str) -> list[PlanFinding]:
    """The verdicts of years whose report was issued that the CSV files would move."""
    with open_warehouse(warehouse_url) as connection:
        return moved_findings(plan_folder(), moved_verdicts.moved_verdicts(connection, plan_folder()))


def _moved_verdicts(connection: psycopg.Connection, accept_because: str | None, by: str) -> list[str]:
    """A sentence for each verdict of an issued year that moves and was accepted. Raises GateFailed for others."""
    moved = moved_verdicts.moved_verdicts(connection, plan_folder())
    found = moved_findings(plan_folder(), moved)
    if accept_because:
        moved_verdicts.accept(connection, moved.verdicts, accept_because, by)
    elif refused := [f"{each.place}: {each.message_en}" for each in found if each.level == "error"]:
        raise GateFailed(refused)
    return [f"accepted: {each.message_en}" for each in found]


def _warnings_of_batch(connection: psycopg.Connection) -> list[str]:
    # imported here, since a build that finds nothing changed need not wait for Great Expectations
    from expectations.gates.gates import validate_batch as gate

    try:
        return gate(connection).warnings
    except GateFailed:
        connection.commit()  # quality.gate_results
        raise
