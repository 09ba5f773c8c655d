"""The rules on one file, each said once: what is expected of a frame, and whose cell is accused.

Codes, severities and sentences are in seeds/rules.csv; bounds that somebody chose are in thresholds.csv. Rules on
every sheet (V01 to V06) take what they ask from the form's own fields.

What a sentence of seeds/rules.csv may name:
  every rule        {sheet} {cell} {row} {value}, and {header}: the Vietnamese header of the accused field; of
                    09_UU_TIEN only headers and row numbers are ever said, the rest becomes …
  comparisons       {other_header} {other_value}: what it is compared with, {expected}: the bounds, `a – b`
  sums              {total}: the sum that is compared
  V05               {expected}: the smallest value allowed
  V06               {other_row}: the rows that say the same
  F03 F06           {year}: the report year; F06 also {expected}: the day since which it is locked,
                    {other_unit}: who can lift the lock
  F04               {expected}: the official name of the unit
  F07               {other_sheet}: the title of the sheet, {other_value}: its number of rows
  T01               {expected}: the computed percentage, {other_value}: numerator/denominator
  V08               {what_vi} {what_en}: what the reader found out of sight or broken, and where
  what the reader says (F01 F02 F08 F11 F12 V03 V07): see ingestion/feedback/findings.py
  rules worked out at each build (depends_on history, registry or other units; F06 alone is asked here):
                    {header} {cell} {value} {expected} {other_unit} {year}: what stands there, what it is held
                    against (last year, the registry), the other unit, the report year
"""

from collections.abc import Iterable
from dataclasses import dataclass

from great_expectations.expectations import (
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnPairValuesToBeEqual,
    ExpectColumnPairValuesToBeInSet,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToMatchStrftimeFormat,
    ExpectColumnValuesToNotBeNull,
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column, Condition

from expectations.submissions.rule_frames import CELLS, DATE_FORMAT, KEYS, NIL_SHEETS, PATTERNS, TAX_CODE, Frame
from expectations.submissions.thresholds import Threshold
from warehouse.reference.catalogue import Reference
from warehouse.reference.forms import COVER

MISSING_IS_NOT_ASKED = "either_value_is_missing"

# Which levels of the Union each kind of unit, or agency, reports (O02).
UNION_LEVELS = (
    ("WU-P", "province"),
    ("district", "district"),
    ("district", "commune"),
    ("district", "branch"),
    ("commune", "commune"),
    ("commune", "branch"),
)


@dataclass(frozen=True)
class Ask:
    """A rule's expectation of the rows of one frame."""

    rule_code: str
    frame: str
    expectation: Expectation
    accused: tuple[str, ...]
    """fields: the first that is filled in is accused, else the first; () where the row names its own field"""
    other: str | None = None
    """the column that the accused one is compared with"""
    expected: tuple[str, ...] = ()
    """columns that hold what was expected: one value, or two bounds"""
    total: str | None = None
    """the column of the sum that is compared in place of the accused field"""
    said: tuple[tuple[str, str], ...] = ()
    """further words for the sentence: placeholder, column"""
    bounds: str | None = None
    """what was expected, where that is the same for every row"""

    @property
    def columns(self) -> set[str]:
        """The columns of the frame that the expectation reads."""
        said = self.expectation.dict()
        names = {said.get(name) for name in ("column", "column_A", "column_B")} | set(said.get("column_list") or ())
        return {name for name in names if name} | _columns_of(said.get("row_condition"))


def asks(reference: Reference, thresholds: dict[str, Threshold], frames: dict[str, Frame]) -> list[Ask]:
    """Every expectation of a batch: of its cells, its covers, each of its sheets."""
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


def _of_cells(reference: Reference) -> list[Ask]:
    listed = [f"{name}:{code}" for name, codes in reference.code_lists.items() for code in codes]
    return [
        Ask("V01", CELLS, required("text", Column("required") == "yes"), ()),
        *(
            Ask("V02", CELLS, matches("text", pattern, Column("type") == type_), ())
            for type_, pattern in PATTERNS.items()
        ),
        Ask(
            "V02",
            CELLS,
            ExpectColumnValuesToMatchStrftimeFormat(
                column="text", strftime_format=DATE_FORMAT, row_condition=Column("type") == "date"
            ),
            (),
        ),
        Ask("V04", CELLS, ExpectColumnValuesToBeInSet(column="listed_code", value_set=listed), ()),
        Ask(
            "V04",
            CELLS,
            required(
                "commune_uid",
                (Column("code_list") == "communes") & Column("text").is_not_null() & Column("data_to").is_not_null(),
            ),
            (),
        ),
        Ask("V05", CELLS, a_at_least_b("number", "minimum"), (), expected=("minimum",)),
        Ask(
            "V06",
            KEYS,
            ExpectCompoundColumnsToBeUnique(
                column_list=["submission_id", "sheet_code", "key"], ignore_row_if="any_value_is_missing"
            ),
            (),
        ),
    ]


def _of_covers() -> list[Ask]:
    whole = Column("submission_kind") != "partial_correction"
    yearly = Column("report_kind").is_in(["annual", "annual_final"])  # others come at any time
    return [
        Ask(
            "F03",
            COVER,
            equal("reporting_unit_code", "roster_code"),
            ("reporting_unit_code",),
            said=(("year", "report_year"),),
        ),
        Ask(
            "F04",
            COVER,
            equal("unit_name_key", "unit_known_name_key"),
            ("reporting_unit_name",),
            expected=("unit_official_name",),
        ),
        at_least("F05", COVER, "data_to", "data_from", expected=("window_from", "window_to")),
        at_least("F05", COVER, "data_from", "window_from", expected=("window_from", "window_to")),
        at_most("F05", COVER, "data_to", "window_to", expected=("window_from", "window_to")),
        Ask(
            "F06",
            COVER,
            ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="locked_at",
                column_B="received_at",
                row_condition=yearly,
                ignore_row_if=MISSING_IS_NOT_ASKED,
            ),
            ("report_year",),
            expected=("locked_from",),
            said=(("year", "report_year"), ("other_unit", "lock_lifted_by")),
        ),
        *(
            Ask(
                "F07",
                NIL_SHEETS,
                between("rows", minimum, maximum, whole & said_nil),
                (),
                said=(("other_sheet", "other_sheet"), ("other_value", "rows")),
            )
            for said_nil, minimum, maximum in (
                (Column("nil") == "C", None, 0),
                (Column("nil") != "C", 1, None),
            )
        ),
        at_least("F10", COVER, "signed_on", "data_to", when=Column("value_kind") == "actual"),
    ]


def _of_cooperatives(thresholds: dict[str, Threshold]) -> list[Ask]:
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
        Ask(
            "H09",
            sheet,
            between("women_managers", 1, None, Column("woman_leads") == "C"),
            ("woman_leads",),
            other="women_managers",
        ),
        Ask(
            "H10",
            sheet,
            ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="women_workers",
                column_B="other_workers",
                row_condition=Column("women_managers") == 0,
                ignore_row_if=MISSING_IS_NOT_ASKED,
            ),
            ("women_managers",),
            other="women_workers",
            said=(("expected", "workers"),),
        ),
        inside_the_unit(sheet),
        at_most("H12", sheet, "registered_on", "data_to"),
        Ask(
            "H13",
            sheet,
            ExpectColumnValuesToMatchRegex(column="registration_number", regex=TAX_CODE.pattern),
            ("registration_number",),
        ),
        Ask("H13", sheet, equal("check_digit", "right_check_digit"), ("registration_number",)),
        needs("H14", sheet, "classification_year", Column("classification_text").is_not_null(), "classification"),
        needs("H14", sheet, "classification", Column("classification_year_text").is_not_null(), "classification_year"),
        *(
            Ask(
                "H15",
                sheet,
                between(field, bounds.minimum, bounds.maximum, Column(field) > 0, bounds.notes),
                (field,),
                bounds=f"{bounds.minimum:g} – {bounds.maximum:.0f}",
            )
            for field, bounds in ((field, thresholds[f"H15.{field}"]) for field in ("revenue", "charter_capital"))
        ),
    ]


def _of_groups() -> list[Ask]:
    sheet = "02_THT"
    return [
        inside_the_unit(sheet),
        at_most("H12", sheet, "founded_on", "data_to"),
        at_most("G01", sheet, "women_members", "members"),
        at_most("G01", sheet, "women_workers", "workers"),
        at_most("G02", sheet, "women_stable_jobs", "women_members_and_workers"),
    ]


def _of_support() -> list[Ask]:
    sheet = "03_HO_TRO"
    window = ("data_from", "data_to")
    return [
        at_least("S01", sheet, "started_on", "data_from", expected=window),
        at_most("S01", sheet, "started_on", "data_to", expected=window),
        at_least("S01", sheet, "ended_on", "started_on", expected=("started_on",)),
        needs("S02", sheet, "funding_source", Column("cost") > 0, "cost"),
    ]


def _of_courses() -> list[Ask]:
    sheet = "04_DAO_TAO"
    window = ("data_from", "data_to")
    return [
        at_most("C01", sheet, "women", "people"),
        at_most("C01", sheet, "certificates", "people"),
        at_most("C01", sheet, "people", "attendances"),
        at_most("C01", sheet, "women_managers", "women"),
        at_most("C01", sheet, "union_members", "women"),
        Ask(
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


def _of_officers() -> list[Ask]:
    sheet = "05_CAN_BO_HOI"
    return [
        at_most("O01", sheet, "officers_skilled", "officers"),
        at_most("O01", sheet, "assigned_officers", "officers"),
        at_most("O01", sheet, "assigned_officers_trained", "assigned_officers"),
        Ask("O02", sheet, pair_in("reporter", "union_level", UNION_LEVELS), ("union_level",)),
    ]


def _of_debts() -> list[Ask]:
    return [Ask("D01", "06_NO", equal("registration_number", "reported_registration_number"), ("registration_number",))]


def _of_funding() -> list[Ask]:
    sheet = "07_KINH_PHI"
    grant = Column("funding_kind") == "grant"
    return [
        at_most("K01", sheet, "disbursed", "allocated"),
        Ask("K01", sheet, between("borrowers", None, 0, grant), ("borrowers",), other="funding_source"),
        Ask("K01", sheet, between("outstanding_loans", None, 0, grant), ("outstanding_loans",), other="funding_source"),
    ]


def _of_the_rest() -> list[Ask]:
    return [
        needs("A01", "08_HOAT_DONG", "evidence_document", Column("duty_status") == "done", "duty_status"),
        at_most("P01", "09_UU_TIEN", "women_employed", "women_supported"),
        Ask(
            "T01",
            "10_TONG_HOP",
            equal("declared_shown", "computed_shown", Column("submission_kind") != "partial_correction"),
            ("declared_value",),
            expected=("computed_shown",),
            said=(("other_value", "computed_from"),),
        ),
    ]


# The few forms that the rules take ------------------------------------------------------------------------------


def a_at_least_b(column_a: str, column_b: str, when: Condition | None = None) -> Expectation:
    """Not asked of a row where either is missing."""
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=column_a,
        column_B=column_b,
        or_equal=True,
        row_condition=when,
        ignore_row_if=MISSING_IS_NOT_ASKED,
    )


def at_most(code: str, frame: str, field: str, other: str, expected: tuple[str, ...] = ()) -> Ask:
    """field <= other"""
    return Ask(code, frame, a_at_least_b(other, field), (field,), other=other, expected=expected)


def at_least(
    code: str, frame: str, field: str, other: str, when: Condition | None = None, expected: tuple[str, ...] = ()
) -> Ask:
    """field >= other"""
    return Ask(code, frame, a_at_least_b(field, other, when), (field,), other=other, expected=expected)


def needs(code: str, frame: str, field: str, when: Condition, because: str) -> Ask:
    """field is filled in, with anything, on rows where the condition holds on `because`"""
    return Ask(code, frame, required(f"{field}_text", when), (field,), other=because)


def inside_the_unit(sheet: str) -> Ask:
    """H11: the commune at data_to is, or lies in, the reporting unit; agencies have no ground to lie in."""
    return Ask("H11", sheet, equal("commune_reports_to", "unit_uid"), ("commune_code",))


def required(column: str, when: Condition) -> Expectation:
    """The column is filled in where the condition holds."""
    return ExpectColumnValuesToNotBeNull(column=column, row_condition=when)


def matches(column: str, pattern: str, when: Condition) -> Expectation:
    """The text, where there is one and the condition holds, has the pattern."""
    return ExpectColumnValuesToMatchRegex(column=column, regex=pattern, row_condition=when)


def equal(column_a: str, column_b: str, when: Condition | None = None) -> Expectation:
    """Not asked of a row where either is missing."""
    return ExpectColumnPairValuesToBeEqual(
        column_A=column_a, column_B=column_b, row_condition=when, ignore_row_if=MISSING_IS_NOT_ASKED
    )


def pair_in(column_a: str, column_b: str, pairs: Iterable[tuple]) -> Expectation:
    """Not asked of a row where either is missing. Without a condition: Great Expectations gives two expectations
    of this kind that differ in nothing else the same answer."""
    return ExpectColumnPairValuesToBeInSet(
        column_A=column_a, column_B=column_b, value_pairs_set=list(pairs), ignore_row_if=MISSING_IS_NOT_ASKED
    )


def between(
    column: str, minimum: float | None, maximum: float | None, when: Condition, notes: str | None = None
) -> Expectation:
    """Bounds included; not asked of a row where the value is missing."""
    return ExpectColumnValuesToBeBetween(
        column=column, min_value=minimum, max_value=maximum, row_condition=when, notes=notes
    )


def _columns_of(condition) -> set[str]:
    if not condition:
        return set()
    said = condition if isinstance(condition, dict) else condition.dict()
    if "conditions" in said:
        return set().union(*(_columns_of(each) for each in said["conditions"]))
    column = said["column"]
    return {column["name"] if isinstance(column, dict) else column.name}
