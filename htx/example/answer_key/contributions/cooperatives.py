"""What is counted of the cooperatives of 01_HTX: T01 T03 T05 T07 T08 T11 to T14, C03 C09 C10, the flags of C12,
C13, C14, and the cooperatives of C15."""

from collections.abc import Iterator
from datetime import date

from htx.example.answer_key.figures import Contribution, Measure, Place, contribute, exact
from htx.example.reports.reported_rows import ReportedRows, Row, registration_number
from htx.example.seeds import RosterUnit

FLAGS = {
    Measure("C12", "on_platform"): "on_ecommerce_platform",
    Measure("C12", "traceable"): "traceability",
    Measure("C12", "growing_area_code"): "growing_area_code",
    Measure("C12", "registered_label"): "registered_label",
    Measure("C13", "cooperatives"): "digital_transformation",
    Measure("C14", "cooperatives"): "mass_organisations",
}
"""the yes/no column that each of these counts, whatever the cooperative's status"""
LEAST_STARS = 3
"""from which a cooperative has OCOP products"""


def contributions(reported: ReportedRows, year: int, unit: RosterUnit | None) -> Iterator[Contribution]:
    """Of a unit's own rows or, without a unit, of the one row that each cooperative has for the province."""
    for row in cooperative_rows(reported, year, unit):
        yield from _of_the_programme(reported, year, row)
        yield from _of_the_economy(reported, row)


def cooperative_rows(reported: ReportedRows, year: int, unit: RosterUnit | None) -> list[Row]:
    return reported.rows("01_HTX", year, unit.code) if unit else reported.province_rows("01_HTX", year)


def place_of(row: Row) -> Place:
    return Place(organisation=("cooperative", registration_number(row)))


def is_operating(reported: ReportedRows, row: Row) -> bool:
    return row["status"] in reported.seeds.flagged("cooperative_statuses", "operating")


def is_women_managed(reported: ReportedRows, row: Row) -> bool:
    if reported.seeds.decisions["A2"] == "leads":
        return bool(row["woman_leads"])
    return row.number("women_managers") >= 1


def is_majority_female(row: Row) -> bool:
    return 2 * row.number("women_workers") > row.number("workers")


def is_founded_in_the_plan(reported: ReportedRows, row: Row) -> bool:
    """By the registry's date, whatever the report says."""
    return reported.registered_on.get(registration_number(row), date.min) >= reported.seeds.plan_start


def _is_supported(reported: ReportedRows, row: Row, flag: str, year: int) -> bool:
    return reported.is_supported(("cooperative", registration_number(row)), flag, year)


def _of_the_programme(reported: ReportedRows, year: int, row: Row) -> Iterator[Contribution]:
    """The targets; they speak of cooperatives in scope."""
    here = place_of(row), reported.is_estimate(row)
    if row.number("women_managers") < 1 and not is_majority_female(row):
        return
    if row["status"] != "dissolved":
        guided = _is_supported(reported, row, "T11", year)
        yield from contribute(Measure("T11"), *here, int(guided), 1)
    if not is_operating(reported, row):
        return
    yield from _trained(row, *here)
    if not is_women_managed(reported, row):
        return
    of_cooperatives_too = reported.seeds.decisions["A3"] == "groups_and_cooperatives"
    if _is_supported(reported, row, "T01", year) and (row["union_supported_founding"] or not of_cooperatives_too):
        yield from contribute(
            Measure("T01"), *here, 1,
            sector=row["sector"], classification=row["classification"], union_founded=row["union_supported_founding"],
            majority_female=is_majority_female(row), ocop_stars=row["ocop_stars"],
        )  # fmt: skip
        yield from contribute(Measure("T03"), *here, row.number("women_stable_jobs"), sector=row["sector"])
    is_new = is_majority_female(row) and is_founded_in_the_plan(reported, row)
    if is_new and (row["union_supported_founding"] or _is_supported(reported, row, "T07", year)):
        yield from contribute(Measure("T07"), *here, 1, sector=row["sector"])
        yield from contribute(Measure("T08"), *here, row.number("women_new_jobs"))
        for earlier in reported.earlier_rows(registration_number(row), year):
            jobs = earlier.number("women_new_jobs")
            yield from contribute(Measure("T08"), place_of(row), reported.is_estimate(earlier), jobs)


def _trained(row: Row, place: Place, is_estimate: bool) -> Iterator[Contribution]:
    here, sector = (place, is_estimate), row["sector"]
    women = row.number("women_managers")
    part = row.number("women_managers_trained")
    yield from contribute(Measure("T05"), *here, part, women, sector=sector)
    part = row.number("women_vocational_trained")
    yield from contribute(Measure("T12"), *here, part, row.number("women_in_cooperative"), sector=sector)
    if row["union_supported_founding"]:
        yield from contribute(Measure("T13"), *here, row.number("women_managers_certified"), women)
    part = row.number("members_ecommerce_trained")
    yield from contribute(Measure("T14"), *here, part, row.number("members"), sector=sector)


def _of_the_economy(reported: ReportedRows, row: Row) -> Iterator[Contribution]:
    """Companion figures; they speak of every cooperative that is reported."""
    here = place_of(row), reported.is_estimate(row)
    if row["women_staff_insured"] is not None:
        yield from contribute(Measure("C10", "insured"), *here, exact(row["women_staff_insured"]))
    for measure, field_code in FLAGS.items():
        if row[field_code]:
            yield from contribute(measure, *here, 1)
    if not is_operating(reported, row):
        return
    if is_majority_female(row):
        yield from contribute(Measure("C03", "cooperatives"), *here, 1)
    if row["value_chain"]:
        yield from contribute(Measure("C09", "in_value_chain"), *here, 1)
    if row.number("ocop_stars") >= LEAST_STARS:
        yield from contribute(Measure("C09", "with_ocop"), *here, 1, ocop_stars=row["ocop_stars"])
    if row["sector"] in reported.seeds.flagged("sectors", "C15") and is_founded_in_the_plan(reported, row):
        yield from contribute(Measure("C15", "cooperatives"), *here, 1)
