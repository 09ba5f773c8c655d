"""Versions of a report: by what came and what went."""

import pytest

from warehouse.editions.versioning import next_version, scope_of

REPORTED = {(2023, "688"), (2023, "DPI")}
STATUS = (None, None, None, None, None, "reported")


def figures(*keys: tuple[str, str, str]) -> dict:
    """Totals as reported, by (indicator, measure, unit)."""
    return {
        ("value", indicator, measure, "total", "total", 2023, unit, "as_reported"): STATUS
        for indicator, measure, unit in keys
    }


BEFORE = figures(("T01", "value", "688@2023"), ("C05", "items", "DPI"), ("T01", "value", "province"))


def test_the_first_version_is_1_0_0():
    assert next_version(None, frozenset(), scope_of(BEFORE, REPORTED)) == "1.0.0"


@pytest.mark.parametrize(
    ("after", "reported", "version"),
    [
        pytest.param(BEFORE, REPORTED, "2.3.5", id="other values only"),
        pytest.param(BEFORE | figures(("C05", "people", "DPI")), REPORTED, "2.4.0", id="a measure more"),
        pytest.param(BEFORE | figures(("T01", "value", "689@2023")), REPORTED | {(2023, "689")}, "2.4.0",
                     id="a unit more"),
        pytest.param(BEFORE | figures(("T01", "value", "689@2023")), REPORTED, "2.3.5",
                     id="a unit on the roster that reports nothing"),
        pytest.param(figures(("T01", "value", "688@2023"), ("C05", "people", "DPI")), REPORTED, "3.0.0",
                     id="a measure less, and another more"),
        pytest.param(BEFORE, {(2023, "688")}, "3.0.0", id="a unit less"),
    ],
)  # fmt: skip
def test_what_is_gone_makes_a_major_what_is_new_a_minor_version_and_other_values_a_patch(after, reported, version):
    assert next_version("2.3.4", scope_of(BEFORE, REPORTED), scope_of(after, reported)) == version


def test_parts_and_maps_are_no_measures_or_units_of_their_own():
    parts = {
        ("value", "T01", "value", "sector", "crop", 2023, "688@2023", "as_reported"): STATUS,
        ("value", "T01", "value", "total", "total", 2023, "unplaced", "districts_2023"): STATUS,
        ("verdict", "T01", 2023): (),
    }
    assert scope_of(BEFORE | parts, REPORTED) == {
        ("measure", "T01", "value"), ("measure", "C05", "items"), ("unit", 2023, "688@2023"), ("unit", 2023, "DPI"),
    }  # fmt: skip
