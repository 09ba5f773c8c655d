"""The figures as they were known at an instant."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from psycopg.errors import InsufficientPrivilege

from tests.datasets import CORRECTED_AT, IN_ORDER, STAGES, rows
from warehouse.connection import connect
from warehouse.restate.as_of import FILES, QUESTIONS, VALUES
from warehouse.restate.compiled_sql import Model, Recipe

INSTANTS = pytest.param(STAGES[0], marks=pytest.mark.soak("years")), CORRECTED_AT
"""what is known before the correction, for which dbt must build once more, is compared in a soak"""
KNOWN = f"select * from reports.indicator_values_as_known_at(%s) {IN_ORDER}"
KNOWN_OF_ONE = f"select * from reports.indicator_as_known_at(%s, %s) {IN_ORDER}"
SEEN = f"select * from reports.indicator_values_as_known_at('infinity', %s) {IN_ORDER}"


@pytest.fixture(scope="module")
def played(province):
    with connect(province.url) as connection:
        yield connection


def test_before_the_first_file_nothing_was_known(played):
    first = rows(played, "select min(received_at) from raw.received_files")[0][0]
    assert rows(played, KNOWN, first - timedelta(microseconds=1)) == []
    assert rows(played, KNOWN, first) != []


@pytest.mark.parametrize("instant", INSTANTS)
def test_the_figures_are_those_of_a_warehouse_that_received_nothing_later(played, province, instant):
    assert len(province.known(instant)) > 1000
    assert rows(played, KNOWN, instant) == province.known(instant)


def test_a_correction_is_known_from_the_instant_of_its_receipt_and_changes_its_unit_and_the_province(played):
    before = set(rows(played, KNOWN, CORRECTED_AT - timedelta(microseconds=1)))
    changed = {row[5] for row in set(rows(played, KNOWN, CORRECTED_AT)) - before if row[6] == "as_reported"}
    assert changed == {"695@2023", "province"}


@pytest.mark.parametrize("stage", INSTANTS)
def test_as_of_a_load_time_differs_from_as_of_a_time_of_receipt(played, province, stage):
    assert rows(played, SEEN, province.seen_at(stage)) == province.known(stage)


def test_of_now_the_figures_are_the_public_ones(played):
    public = rows(played, f"select * from marts.fct_indicator_values {IN_ORDER}")
    assert rows(played, KNOWN, datetime.max.replace(tzinfo=UTC)) == public


def test_of_one_indicator_the_figures_are_those_among_all(played):
    every = rows(played, KNOWN, CORRECTED_AT)
    for indicator in ("T01", "T03", "T09", "T17", "C04", "C23"):
        own = [row for row in every if row[0] == indicator]
        assert rows(played, KNOWN_OF_ONE, indicator, CORRECTED_AT) == own


def test_a_build_with_other_models_behind_its_figures_gives_those_of_one_indicator_too():
    [of_one] = [each for each in QUESTIONS if each.narrowed]
    earlier = Recipe({VALUES: Model(f"select 'T01' as indicator_code from {FILES}", (FILES,))}, ())
    assert of_one.query(earlier, {}).count("indicator_code = $1") == 1


def test_nobody_may_ask_to_whom_it_was_not_granted_and_who_may_needs_no_right_on_raw(played):
    name = "reports.indicator_values_as_known_at(timestamptz, timestamptz)"
    asked = "select count(*) from reports.indicator_values_as_known_at('2023-12-01')"
    with played.transaction(force_rollback=True):
        played.execute("create role reader_of_reports; grant usage on schema reports to reader_of_reports")
        with played.transaction(force_rollback=True):
            played.execute("set local role reader_of_reports")
            with pytest.raises(InsufficientPrivilege):
                played.execute(asked)
        played.execute(f"grant execute on function {name} to reader_of_reports")
        played.execute("set local role reader_of_reports")
        assert rows(played, asked)[0][0] > 1000


@pytest.mark.parametrize("name", ["indicator_values_as_known_at", "indicator_as_known_at"])
def test_it_reads_what_was_received_and_kept_and_nothing_that_a_build_makes(played, name):
    [(body,)] = rows(played, "select prosrc from pg_proc where proname = %s", name)
    read = re.findall(r'"([a-z_]+)"\."[a-z_0-9]+"', body)
    assert set(read) == {"raw"}
