"""Restating: compiled SQL run again with other rows."""

import pytest

from warehouse.restate.compiled_sql import Model, Recipe, planned_for, render

SUMS = '"work"."sums"'
DOUBLES = '"work"."doubles"'
LABELS = '"work"."labels"'
RECIPE = Recipe(
    {
        DOUBLES: Model('select name, 2 * n as n from "raw"."rows"', ('"raw"."rows"',)),
        LABELS: Model('select name, label from "seeds"."names"', ('"seeds"."names"',)),
        SUMS: Model(
            'with rows as (select * from "work"."doubles"), labels as (select * from "work"."labels")'
            " select label, sum(n)::integer as total from rows inner join labels using (name) group by label",
            (DOUBLES, LABELS),
        ),
        '"work"."others"': Model('select * from "raw"."rows"', ('"raw"."rows"',)),
    },
    ('"seeds"."names"',),
)


@pytest.fixture
def built(connection):
    """The tables as dbt left them; the doubles were tampered with, so that one sees when they are read."""
    connection.execute(
        """
        create schema work; create schema seeds;
        create table raw.rows as select * from (values ('a', 1), ('b', 2), ('c', 3)) as v (name, n);
        create table seeds.names as select * from (values ('a', 'x'), ('b', 'x'), ('c', 'y')) as v (name, label);
        create table work.doubles as select name, 100 * n as n from raw.rows;
        create table work.labels as select * from seeds.names;
        """
    )
    return connection


def restated(connection, replacements):
    return sorted(connection.execute(render(RECIPE, SUMS, replacements)).fetchall())


def test_what_leads_from_a_replaced_relation_to_the_wanted_one_is_computed_again(built):
    assert restated(built, {'"raw"."rows"': 'select * from "raw"."rows" where n < 3'}) == [("x", 6)]


def test_what_does_not_depend_on_a_replaced_relation_is_read_as_it_stands(built):
    renamed = "select name, case name when 'a' then 'z' else label end as label from \"seeds\".\"names\""
    replaced = {'"seeds"."names"': renamed}
    assert restated(built, replaced) == [("x", 200), ("y", 300), ("z", 100)]
    assert "others" not in render(RECIPE, SUMS, replaced)


def test_a_replacement_may_read_what_is_replaced_itself(built):
    replaced = {
        '"seeds"."names"': "select 'a' as name, 'only' as label",
        '"raw"."rows"': 'select * from "raw"."rows" where name in (select name from "seeds"."names")',
    }
    assert restated(built, replaced) == [("only", 2)]


def test_of_a_narrowed_model_those_rows_alone_are_made_that_meet_the_condition(built):
    replaced = {'"raw"."rows"': 'select * from "raw"."rows"'}
    narrowed = RECIPE.narrowed({DOUBLES: 'n = any(array(select n from "raw"."rows"))'})
    assert sorted(built.execute(render(RECIPE, SUMS, replaced)).fetchall()) == [("x", 6), ("y", 6)]
    assert sorted(built.execute(render(narrowed, SUMS, replaced)).fetchall()) == [("x", 2)]
    with pytest.raises(KeyError):
        RECIPE.narrowed({'"work"."renamed"': "true"})


def test_with_nothing_replaced_the_table_itself_is_read():
    assert render(RECIPE, SUMS, {}) == 'select * from "work"."sums"'


def test_a_recipe_is_the_same_after_it_was_kept():
    assert Recipe.from_json(RECIPE.as_json()) == RECIPE


def test_planner_settings_are_changed_for_restatements_only(connection):
    with planned_for(connection):
        assert connection.execute("show enable_nestloop").fetchone() == ("off",)
    assert connection.execute("show enable_nestloop").fetchone() == ("on",)
