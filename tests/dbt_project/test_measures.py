"""measures.csv and its neighbours against the plan: who answers which question, on which sheet, and how it is shown."""

import csv

from warehouse.build.dbt import PROJECT

DUTIES = {
    ("C05", "items"): ("IV.1.b", "events"),
    ("C05", "people"): ("IV.1.a", "people"),
    ("C12", "events"): ("IV.2.f", "events"),
    ("C16", "done"): ("IV.4.a", "duty_status"),
    ("C16", "people"): ("IV.4.a", "people"),
    ("C18", "exists"): ("IV.5.b", "duty_status"),
    ("C18", "people"): ("IV.5.b", "people"),
    ("C19", "events"): ("IV.5.c", "events"),
    ("C20", "events"): ("IV.5.d", "events"),
    ("C21", "events"): ("IV.7.a", "events"),
    ("C22", "units"): ("IV.7.b", "duty_status"),
    ("C26", "units"): ("VI.a", "duty_status"),
    ("C27", "events"): ("VI.c", "events"),
    ("C28", "events"): ("VI.e", "events"),
    ("C28", "people"): ("VI.e", "people"),
}
SHEETS = {
    "01_HTX": "T01 T03 T05 T07 T08 T11 T12 T13 T14 C03 C07 C08 C09 C10 C11 C12 C13 C14 C15",
    "02_THT": "T02 T04 C02 C15 C25",
    "04_DAO_TAO": "T06 C13 C17",
    "05_CAN_BO_HOI": "T09 T10",
    "06_NO": "C06",
    "07_KINH_PHI": "C23 C24",
    "08_HOAT_DONG": "C05 C12 C16 C18 C19 C20 C21 C22 C26 C27 C28",
    "09_UU_TIEN": "C04",
    "": "C01 C02 T15 T16 T17 T18",
}
OPTIONAL_ANSWERS = {
    ("C09", "in_value_chain"): "value_chain",
    ("C09", "with_ocop"): "ocop_stars",
    ("C10", "insured"): "women_staff_insured",
    ("C11", "average_monthly_income"): "average_monthly_income",
    ("C11", "charter_capital"): "charter_capital",
    ("C11", "profit"): "profit",
    ("C11", "revenue"): "revenue",
    ("C12", "growing_area_code"): "growing_area_code",
    ("C12", "on_platform"): "on_ecommerce_platform",
    ("C12", "registered_label"): "registered_label",
    ("C12", "traceable"): "traceability",
    ("C13", "cooperatives"): "digital_transformation",
    ("C14", "cooperatives"): "mass_organisations",
    ("C24", "borrowers"): "borrowers",
    ("C24", "outstanding_loans"): "outstanding_loans",
}
BREAKDOWNS = {
    "sector": "T01 T02 T03 T04 T05 T07 T12 T14",
    "classification": "T01",
    "union_founded": "T01",
    "majority_female": "T01",
    "ocop_stars": "T01 C09.with_ocop",
    "course_kind": "T06",
    "union_level": "T09 T10",
    "unit_kind": "T16",
    "priority_group": "C04.employed C04.supported",
    "debt_kind": "C06.outstanding C06.settled",
    "matched_panel": "C11.charter_capital C11.members C11.profit C11.revenue",
    "funding_source": "C23.allocated C23.disbursed C23.planned C23.spent_by_units C24.borrowers C24.outstanding_loans",
}


def seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(row: dict[str, str]) -> tuple[str, str]:
    return row["indicator_code"], row["measure_code"]


def test_a_figure_of_a_duty_asks_for_one_answer_to_it():
    asked = {measure(row): (row["duty_code"], row["answer_field"]) for row in seed("measures") if row["duty_code"]}
    assert asked == DUTIES


def test_a_figure_rests_on_its_own_sheet():
    found: dict[str, set[str]] = {}
    for row in seed("measures"):
        found.setdefault(row["main_sheet"], set()).add(row["indicator_code"])
    assert found == {sheet: set(codes.split()) for sheet, codes in SHEETS.items()}
    assert "main_sheet" not in seed("indicators")[0]  # said once: a second place would say something else one day


def test_an_optional_answer_can_be_left_out_and_a_required_one_cannot():
    required = {(row["sheet_code"], row["field_code"]) for row in seed("form_fields") if row["required"] == "yes"}
    asked = [row for row in seed("measures") if row["answer_field"] and not row["duty_code"]]
    optional = {
        measure(row): row["answer_field"] for row in asked if (row["main_sheet"], row["answer_field"]) not in required
    }
    assert optional == OPTIONAL_ANSWERS


def test_only_the_figures_of_the_plan_are_broken_down():
    found: dict[str, set[str]] = {}
    for row in seed("measure_breakdowns"):
        name = ".".join(measure(row)).removesuffix(".value")
        found.setdefault(row["breakdown"], set()).add(name)
    assert found == {breakdown: set(names.split()) for breakdown, names in BREAKDOWNS.items()}


def test_funds_loans_and_plans_have_their_reporters():
    found: dict[tuple[str, str], set[str]] = {}
    for row in seed("measure_reporters"):
        said = f"not {row['reporter']}" if row["counts"] == "no" else f"{row['precedence']} {row['reporter']}".strip()
        found.setdefault(measure(row), set()).add(said)
    assert found == {
        ("C23", "planned"): {"1 DOF", "2 DPI"},
        ("C23", "allocated"): {"1 DOF", "2 DPI"},
        ("C23", "disbursed"): {"1 DOF", "2 DPI"},
        ("C23", "spent_by_units"): {"not DOF", "not DPI"},
        ("C24", "borrowers"): {"PCA", "VBSP"},
        ("C24", "outstanding_loans"): {"PCA", "VBSP"},
        ("C26", "units"): {"district", "commune"},
    }


def test_what_must_not_be_compared_with_other_figures_has_a_table_of_its_own():
    apart = {measure(row): row["shown_in"] for row in seed("measures") if row["shown_in"] != "figures"}
    assert apart == {
        ("C04", "supported"): "priority_groups",
        ("C04", "employed"): "priority_groups",
        ("C23", "spent_by_units"): "spending_by_units",
        ("T01", "with_result"): "target_companions",
        ("T01", "woman_led"): "target_companions",
        ("T01", "union_founded"): "target_companions",
        ("T03", "gain"): "target_companions",
        ("T03", "union_founded"): "target_companions",
        ("T04", "gain"): "target_companions",
    }


def test_a_missing_unit_is_bounded_where_the_plan_has_a_target():
    found: dict[str, set[str]] = {}
    for row in seed("measures"):
        found.setdefault(row["ceiling"], set()).add(row["indicator_code"])
    assert found["registry"] == {"T01", "T02", "T03", "T04", "T07", "T08"}
    assert found["last_report"] == {"T05", "T09", "T10", "T11", "T12", "T13", "T14"}
    assert found["roster"] == {"C26"}
    assert set(found) == {"registry", "last_report", "roster", ""}


def test_maps_show_all_but_priority_groups_and_what_only_the_province_has():
    shown = {row["indicator_code"]: row["exists_for"] for row in seed("measures")}
    assert {code for code, exists_for in shown.items() if exists_for == "units"} == {"C04"}
    assert {code for code, exists_for in shown.items() if exists_for == "province"} == {"T15", "T16", "T17", "T18"}


def test_what_is_of_an_organisation_lies_where_it_lies_and_all_else_where_it_is_reported():
    of_units = {row["indicator_code"] for row in seed("measures") if row["placed_by"] == "reporting_unit"}
    of_organisations = {row["indicator_code"] for row in seed("measures") if row["placed_by"] == "organisation"}
    assert of_organisations == {f"T{number:02}" for number in (1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 14)} | {
        "C01", "C02", "C03", "C06", "C07", "C08", "C09", "C10", "C11", "C12", "C13", "C14", "C15", "C25",
    }  # fmt: skip
    assert of_units == {"T06", "T09", "T10", "C05", "C12", "C13"} | {
        f"C{number}" for number in (16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28)
    }


def test_each_of_several_figures_of_an_indicator_is_defined_in_words_of_its_own():
    definitions = {(row["indicator_code"], row["measure_code"]): row["definition_vi"] for row in seed("measure_names")}
    figures: dict[str, list[str]] = {}
    for row in seed("measures"):
        figures.setdefault(row["indicator_code"], []).append(row["measure_code"])
    several = {code: measures for code, measures in figures.items() if len(measures) > 1}
    assert len(several) == 20
    for code, measures in several.items():
        own = [definitions[code, measure] for measure in measures if measure != "value"]
        assert all(own)
        assert len({*own}) == len(own)
