"""The key of a figure as one text: printed beside it in every document, and the argument of `htx explain`.

T01-2022 is a figure of the province, C04.supported-2022-25195@2022[priority_group=poor] a part of a unit's figure,
T01-2022-688@2022#districts_2022 one on a map, C23.allocated-2021..2022 the sum of two years. Defaults are left out:
measure `value`, unit `province`, breakdown `total`, basis `as_reported`.
"""

import re
from dataclasses import dataclass

VALUE = "value"
PROVINCE = "province"
TOTAL = "total"
AS_REPORTED = "as_reported"
SHAPE = re.compile(
    r"(?P<indicator_code>[A-Z]\d+)(?:\.(?P<measure_code>\w+))?"
    r"-(?:(?P<first_year>\d{4})\.\.)?(?P<report_year>\d{4})(?:-(?P<unit_uid>[^\[\]#]+))?"
    r"(?:\[(?P<breakdown>\w+)=(?P<breakdown_code>[^\]]+)\])?(?:#(?P<basis>\w+))?"
)


@dataclass(frozen=True)
class FigureKey:
    """The key columns of fct_indicator_values and rpt_figures; with `first_year`, the sum over the years from it to
    the report year (rpt_phase_totals)."""

    indicator_code: str
    measure_code: str
    report_year: int
    unit_uid: str = PROVINCE
    breakdown: str = TOTAL
    breakdown_code: str = TOTAL
    basis: str = AS_REPORTED
    first_year: int | None = None

    def __str__(self) -> str:
        return "".join([
            self.indicator_code,
            "" if self.measure_code == VALUE else f".{self.measure_code}",
            "-" if self.first_year is None else f"-{self.first_year}..",
            str(self.report_year),
            "" if self.unit_uid == PROVINCE else f"-{self.unit_uid}",
            "" if self.breakdown == TOTAL else f"[{self.breakdown}={self.breakdown_code}]",
            "" if self.basis == AS_REPORTED else f"#{self.basis}",
        ])  # fmt: skip


def parse_key(text: str) -> FigureKey:
    """The columns of a key. ValueError with a sentence where the text is not a key."""
    found = SHAPE.fullmatch(text.strip())
    if not found:
        raise ValueError(
            f"{text!r} is not the key of a figure, such as T01-2022 or C04.supported-2022[priority_group=poor]."
        )
    parts: dict[str, str] = {name: part for name, part in found.groupdict().items() if part is not None}
    year, first = int(parts.pop("report_year")), parts.pop("first_year", None)
    return FigureKey(report_year=year, first_year=int(first) if first else None, **{"measure_code": VALUE, **parts})
