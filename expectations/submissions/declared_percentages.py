"""The percentages of 10_TONG_HOP computed from the same file's lists (rule T01)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from warehouse.reference.reference_data import Reference

Row = Mapping[str, object]


@dataclass(frozen=True)
class Share:
    """A part and the whole that it is a part of."""

    numerator: float
    denominator: float

    @property
    def value(self) -> Decimal | None:
        """In percent, unrounded; None without a whole (decision A17)."""
        if not self.denominator:
            return None
        return 100 * Decimal(str(self.numerator)) / Decimal(str(self.denominator))


def shown(value: Decimal, decimals: int) -> float:
    """A percentage as an office writes it: half a unit of the last decimal goes up (decision A17)."""
    return float(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def shares_of(rows: Mapping[str, Sequence[Row]], reference: Reference, year: int) -> dict[str, Share]:
    """The shares by indicator code, from the typed rows of a file of a year by sheet code; a blank adds nothing."""
    operating = reference.decided("operating_means", year).split()
    in_scope = [row for row in rows.get("01_HTX", ()) if row.get("status") in operating and _is_in_scope(row)]
    union_founded = [row for row in in_scope if row.get("union_supported_founding") == "C"]
    branches_count = reference.decided("branch_heads_are_officers", year) == "yes"
    officers = [row for row in rows.get("05_CAN_BO_HOI", ()) if branches_count or row.get("union_level") != "branch"]
    return {
        "T05": _share(in_scope, "women_managers_trained", "women_managers"),
        "T09": _share(officers, "assigned_officers_trained", "assigned_officers"),
        "T10": _share(officers, "officers_skilled", "officers"),
        "T12": _share(in_scope, "women_vocational_trained", "women_in_cooperative"),
        "T13": _share(union_founded, "women_managers_certified", "women_managers"),
        "T14": _share(in_scope, "members_ecommerce_trained", "members"),
    }


def _is_in_scope(row: Row) -> bool:
    """A woman among the managers, or more than half of the workers women (the plan, section III)."""
    return _number(row, "women_managers") >= 1 or 2 * _number(row, "women_workers") > _number(row, "workers")


def _share(rows: Iterable[Row], part: str, whole: str) -> Share:
    rows = list(rows)
    return Share(sum(_number(row, part) for row in rows), sum(_number(row, whole) for row in rows))


def _number(row: Row, field_code: str) -> float:
    value = row.get(field_code)
    return float(value) if isinstance(value, (int, float)) else 0.0
