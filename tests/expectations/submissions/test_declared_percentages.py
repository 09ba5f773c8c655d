"""The percentages that one file's lists give, by hand."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from expectations.submissions.declared_percentages import Share, shares_of, shown
from warehouse.reference.reference_data import read_reference

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"

MANAGED = {
    "status": "active",
    "union_supported_founding": "C",
    "members": 30.0,
    "workers": 20.0,
    "women_workers": 5.0,
    "women_managers": 3.0,
    "women_managers_trained": 2.0,
    "women_managers_certified": 1.0,
    "women_in_cooperative": 10.0,
    "women_vocational_trained": 4.0,
    "members_ecommerce_trained": 6.0,
}
MAJORITY_FEMALE = {
    **MANAGED,
    "status": "ineffective",
    "union_supported_founding": "K",
    "women_workers": 11.0,
    "women_managers": 0.0,
    "women_managers_trained": 0.0,
    "women_managers_certified": 0.0,
}
HALF_FEMALE = {**MAJORITY_FEMALE, "women_workers": 10.0}
SUSPENDED = {**MANAGED, "status": "suspended"}
DISTRICT = {
    "union_level": "district",
    "officers": 10.0,
    "officers_skilled": 8.0,
    "assigned_officers": 4.0,
    "assigned_officers_trained": 3.0,
}
BRANCH = {**DISTRICT, "union_level": "branch"}


@pytest.fixture(scope="module")
def reference():
    return read_reference(SEEDS)


def test_only_operating_cooperatives_in_scope_count_and_only_officers_of_the_union(reference):
    lists = {
        "01_HTX": [MANAGED, MAJORITY_FEMALE, HALF_FEMALE, SUSPENDED],
        "05_CAN_BO_HOI": [DISTRICT, BRANCH],
    }
    assert shares_of(lists, reference, 2024) == {
        "T05": Share(2, 3),
        "T09": Share(3, 4),
        "T10": Share(8, 10),
        "T12": Share(8, 20),
        "T13": Share(1, 3),
        "T14": Share(12, 60),
    }


def test_heads_of_branches_count_as_officers_where_the_decision_says_so(reference):
    decisions = {**reference.decisions, "branch_heads_are_officers": {2023: "no", 2024: "yes"}}
    shares = [
        shares_of({"05_CAN_BO_HOI": [DISTRICT, BRANCH]}, replace(reference, decisions=decisions), year)
        for year in (2023, 2024)
    ]
    assert [(each["T09"], each["T10"]) for each in shares] == [
        (Share(3, 4), Share(8, 10)), (Share(6, 8), Share(16, 20))
    ]  # fmt: skip


def test_a_blank_adds_nothing_and_nothing_to_count_among_gives_no_value(reference):
    shares = shares_of({"01_HTX": [{**MANAGED, "women_managers": None, "women_workers": 15.0}]}, reference, 2024)
    assert shares["T05"] == Share(2, 0)
    assert shares["T05"].value is None
    assert shares["T14"].value == Decimal(20)


def test_a_percentage_is_shown_with_half_a_unit_rounded_up():
    assert [shown(Decimal(text), 1) for text in ("66.65", "66.6499", "0.05", "100")] == [66.7, 66.6, 0.1, 100.0]
