"""The rules on one file: the expectation on a frame, and the field that a finding points to.

Codes, severities and sentences are in seeds/rules.csv, chosen bounds in thresholds.csv. Rules on every sheet (V01 to
V06) take types, code lists and minima from the form's own fields.

Placeholders of the sentences in seeds/rules.csv:
  every rule        {sheet} {cell} {row} {value}, and {header}: the Vietnamese header of the flagged field; of
                    09_UU_TIEN only headers and row numbers are shown, the rest becomes …
  comparisons       {other_header} {other_value}: what it is compared with, {expected}: the bounds, `a – b`
  sums              {total}: the sum that is compared
  V05               {expected}: the smallest value allowed
  V06               {other_row}: the rows with the same key
  F03 F06           {year}: the report year; F06 also {expected}: the day since which it is locked,
                    {other_unit}: who can lift the lock
  F04               {expected}: the official name of the unit
  F07               {other_sheet}: the title of the sheet, {other_value}: its number of rows
  T01               {expected}: the computed percentage, {other_value}: numerator/denominator
  V08               {what_vi} {what_en}: hidden or broken content, and where
  rules of the parser (F01 F02 F08 F11 F12 V03 V07): see ingestion/feedback/findings.py
  rules computed in each build (depends_on history, registry or other units; F06 alone is checked here):
                    {header} {cell} {value} {expected} {other_unit} {year}: the cell, what it is compared with
                    (last year, the registry), the other unit, the report year
"""

from great_expectations.expectations import (
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToMatchStrftimeFormat,
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.row_conditions import Column

from expectations.submissions.frames import Frame
from expectations.submissions.rule_checks import (
    IGNORE_MISSING,
    RuleCheck,
    a_at_least_b,
    at_least,
    at_most,
    between,
    equal,
    inside_the_unit,
    matches,
    needs,
    pair_in,
    required,
)
from expectations.submissions.rule_frames import CELLS, DATE_FORMAT, KEYS, NIL_SHEETS, PATTERNS, TAX_CODE
from expectations.submissions.thresholds import Threshold
from warehouse.reference.catalogue import Reference
from warehouse.reference.forms import COVER

# Which levels of the Union each kind of unit, or agency, reports (O02).
UNION_LEVELS = (
    ("WU-P", "province"),
    ("district", "district"),
    ("district", "commune"),
    ("district", "branch"),
    ("commune", "commune"),
    ("commune", "branch"),
)


def rule_checks(reference: Reference, thresholds: dict[str, Threshold], frames: dict[str, Frame]) -> list[RuleCheck]:
    """All checks of a batch: of its cells, its covers, each of its sheets."""
    return [
        *_of_cells(reference),
        *_of_covers(),
        *_of_cooperatives(thresholds),
        *_of_groups(),
        *_of_support(),
        *_of_courses(),
        *_of_officers(),
        *_of_debts(),
        *_of_funding(),
        *_of_the_rest(),
    ]


def _of_cells(reference: Reference) -> list[RuleCheck]:
    listed = [f"{name}:{code}" for name, codes in reference.code_lists.items() for code in codes]
    return [
        RuleCheck("V01", CELLS, required("text", Column("required") == "yes"), ()),
        *(
            RuleCheck("V02", CELLS, matches("text", pattern, Column("type") == type_), ())
            for type_, pattern in PATTERNS.items()
        ),
        RuleCheck(
            "V02",
            CELLS,
            ExpectColumnValuesToMatchStrftimeFormat(
                column="text", strftime_format=DATE_FORMAT, row_condition=Column("type") == "date"
            ),
            (),
        ),
        RuleCheck("V04", CELLS, ExpectColumnValuesToBeInSet(column="listed_code", value_set=listed), ()),
        RuleCheck(
            "V04",
            CELLS,
            required(
                "commune_uid",
                (Column("code_list") == "communes") & Column("text").is_not_null() & Column("data_to").is_not_null(),
            ),
            (),
        ),
        RuleCheck("V05", CELLS, a_at_least_b("number", "minimum"), (), expected=("minimum",)),
        RuleCheck(
            "V06",
            KEYS,
            ExpectCompoundColumnsToBeUnique(
                column_list=["submission_id", "sheet_code", "key"], ignore_row_if="any_value_is_missing"
            ),
            (),
        ),
    ]


def _of_covers() -> list[RuleCheck]:
    whole = Column("submission_kind") != "partial_correction"
    yearly = Column("report_kind").is_in(["annual", "annual_final"])  # others come at any time
    return [
        RuleCheck(
            "F03",
            COVER,
            equal("reporting_unit_code", "roster_code"),
            ("reporting_unit_code",),
            details=(("year", "report_year"),),
        ),
        RuleCheck(
            "F04",
            COVER,
            equal("unit_name_key", "unit_known_name_key"),
            ("reporting_unit_name",),
            expected=("unit_official_name",),
        ),
        at_least("F05", COVER, "data_to", "data_from", expected=("window_from", "window_to")),
        at_least("F05", COVER, "data_from", "window_from", expected=("window_from", "window_to")),
        at_most("F05", COVER, "data_to", "window_to", expected=("window_from", "window_to")),
        RuleCheck(
            "F06",
            COVER,
            ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="locked_at",
                column_B="received_at",
                row_condition=yearly,
                ignore_row_if=IGNORE_MISSING,
            ),
            ("report_year",),
            expected=("locked_from",),
            details=(("year", "report_year"), ("other_unit", "lock_lifted_by")),
        ),
        *(
            RuleCheck(
                "F07",
                NIL_SHEETS,
                between("rows", minimum, maximum, whole & declared_nil),
                (),
                details=(("other_sheet", "other_sheet"), ("other_value", "rows")),
            )
            for declared_nil, minimum, maximum in (
                (Column("nil") == "C", None, 0),
                (Column("nil") != "C", 1, None),
            )
        ),
        at_least("F10", COVER, "signed_on", "data_to", when=Column("value_kind") == "actual"),
    ]


def _of_cooperatives(thresholds: dict[str, Threshold]) -> list[RuleCheck]:
    sheet = "01_HTX"
    women_at_least_and_most = ("most_of_women", "women_members_and_workers")
    return [
        at_most("H01", sheet, "women_members", "members"),
        at_most("H02", sheet, "women_workers", "workers"),
        at_most("H03", sheet, "women_managers", "managers"),
        at_most("H04", sheet, "women_managers_trained", "women_managers"),
        at_most("H04", sheet, "women_managers_certified", "women_managers"),
        at_least("H05", sheet, "women_in_cooperative", "most_of_women", expected=women_at_least_and_most),
        at_most("H05", sheet, "women_in_cooperative", "women_members_and_workers", expected=women_at_least_and_most),
        at_most("H06", sheet, "women_stable_jobs", "women_in_cooperative"),
        at_most("H06", sheet, "women_vocational_trained", "women_in_cooperative"),
        at_most("H07", sheet, "women_new_jobs", "women_workers"),
        at_most("H08", sheet, "members_ecommerce_trained", "members"),
        RuleCheck(
            "H09",
            sheet,
            between("women_managers", 1, None, Column("woman_leads") == "C"),
            ("woman_leads",),
            other="women_managers",
        ),
        RuleCheck(
            "H10",
            sheet,
            ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="women_workers",
                column_B="other_workers",
                row_condition=Column("women_managers") == 0,
                ignore_row_if=IGNORE_MISSING,
            ),
            ("women_managers",),
            other="women_workers",
            details=(("expected", "workers"),),
        ),
        inside_the_unit(sheet),
        at_most("H12", sheet, "registered_on", "data_to"),
        RuleCheck(
            "H13",
            sheet,
            matches("registration_number", TAX_CODE.pattern),
            ("registration_number",),
        ),
        RuleCheck("H13", sheet, equal("check_digit", "right_check_digit"), ("registration_number",)),
        needs("H14", sheet, "classification_year", Column("classification_text").is_not_null(), "classification"),
        needs("H14", sheet, "classification", Column("classification_year_text").is_not_null(), "classification_year"),
        *(
            RuleCheck(
                "H15",
                sheet,
                between(field, bounds.minimum, bounds.maximum, Column(field) > 0, bounds.notes),
                (field,),
                bounds=f"{bounds.minimum:g} – {bounds.maximum:.0f}",
            )
            for field, bounds in ((field, thresholds[f"H15.{field}"]) for field in ("revenue", "charter_capital"))
        ),
    ]


def _of_groups() -> list[RuleCheck]:
    sheet = "02_THT"
    return [
        inside_the_unit(sheet),
        at_most("H12", sheet, "founded_on", "data_to"),
        at_most("G01", sheet, "women_members", "members"),
        at_most("G01", sheet, "women_workers", "workers"),
        at_most("G02", sheet, "women_stable_jobs", "women_members_and_workers"),
    ]


def _of_support() -> list[RuleCheck]:
    sheet = "03_HO_TRO"
    window = ("data_from", "data_to")
    return [
        at_least("S01", sheet, "started_on", "data_from", expected=window),
        at_most("S01", sheet, "started_on", "data_to", expected=window),
        at_least("S01", sheet, "ended_on", "started_on", expected=("started_on",)),
        needs("S02", sheet, "funding_source", Column("cost") > 0, "cost"),
    ]


def _of_courses() -> list[RuleCheck]:
    sheet = "04_DAO_TAO"
    window = ("data_from", "data_to")
    return [
        at_most("C01", sheet, "women", "people"),
        at_most("C01", sheet, "certificates", "people"),
        at_most("C01", sheet, "people", "attendances"),
        at_most("C01", sheet, "women_managers", "women"),
        at_most("C01", sheet, "union_members", "women"),
        RuleCheck(
            "C03",
            sheet,
            a_at_least_b("people", "people_of_all_groups"),
            ("women_managers", "members_and_workers", "union_members", "union_officers"),
            other="people",
            total="people_of_all_groups",
        ),
        at_least("C02", sheet, "held_on", "data_from", expected=window),
        at_most("C02", sheet, "held_on", "data_to", expected=window),
    ]


def _of_officers() -> list[RuleCheck]:
    sheet = "05_CAN_BO_HOI"
    return [
        at_most("O01", sheet, "officers_skilled", "officers"),
        at_most("O01", sheet, "assigned_officers", "officers"),
        at_most("O01", sheet, "assigned_officers_trained", "assigned_officers"),
        RuleCheck("O02", sheet, pair_in("reporter", "union_level", UNION_LEVELS), ("union_level",)),
    ]


def _of_debts() -> list[RuleCheck]:
    return [
        RuleCheck(
            "D01", "06_NO", equal("registration_number", "reported_registration_number"), ("registration_number",)
        )
    ]


def _of_funding() -> list[RuleCheck]:
    sheet = "07_KINH_PHI"
    grant = Column("funding_kind") == "grant"
    return [
        at_most("K01", sheet, "disbursed", "allocated"),
        RuleCheck("K01", sheet, between("borrowers", None, 0, grant), ("borrowers",), other="funding_source"),
        RuleCheck(
            "K01", sheet, between("outstanding_loans", None, 0, grant), ("outstanding_loans",), other="funding_source"
        ),
    ]


def _of_the_rest() -> list[RuleCheck]:
    return [
        needs("A01", "08_HOAT_DONG", "evidence_document", Column("duty_status") == "done", "duty_status"),
        at_most("P01", "09_UU_TIEN", "women_employed", "women_supported"),
        RuleCheck(
            "T01",
            "10_TONG_HOP",
            equal("declared_shown", "computed_shown", Column("submission_kind") != "partial_correction"),
            ("declared_value",),
            expected=("computed_shown",),
            details=(("other_value", "computed_from"),),
        ),
    ]
