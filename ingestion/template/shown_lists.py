"""The code lists of one form as its unit sees them in drop-down lists."""

from dataclasses import dataclass, field
from datetime import date

from openpyxl.utils import get_column_letter, quote_sheetname

from ingestion.workbook.own_markup import LISTS_SHEET
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.reference_data import ALWAYS, Reference


def shown_code(code: str, label: str) -> str:
    """How a cell shows a code: codes that people quote (T01, IV.1.a, 25195) with label, others by label alone."""
    return f"{code} - {label}" if any(sign.isdigit() for sign in code) else label


@dataclass(frozen=True)
class ShownLists:
    """The code lists in use, in the order in which the form first needs them."""

    reference: Reference
    unit: RosterUnit
    day: date
    is_dated: bool
    """whether codes that have ended by the day are left out; those that begin later always are"""
    used: dict[str, dict[str, str]] = field(default_factory=dict)
    """list -> code -> how it is shown"""

    def shown(self, code_list: str) -> dict[str, str]:
        """The codes of a list as this unit needs them: its own communes, its own code, all of any other."""
        if code_list not in self.used:
            if code_list == "communes":
                communes = self.reference.units.communes_at(self.day, self.unit.uid)
                codes = {commune.code: commune.name_full for commune in communes}
            else:
                codes = self.reference.codes(code_list, self.unit.year, self.day if self.is_dated else None)
                codes = {code: label for code, label in codes.items() if self._is_offered(code_list, code)}
            self.used[code_list] = {code: shown_code(code, label) for code, label in codes.items()}
        return self.used[code_list]

    def _is_offered(self, code_list: str, code: str) -> bool:
        """Whether a unit may choose the code: it has begun; of indicators, those whose value a unit can declare."""
        if code_list == "indicators":
            return self.reference.indicators[code].reported_as == "target"
        first, _ = self.reference.code_days.get(code_list, {}).get(code, ALWAYS)
        return first <= self.day

    def label(self, code_list: str, code: str) -> str:
        """How a code is shown, whether it is offered or not."""
        known = self.shown(code_list)
        label = self.reference.code_lists.get(code_list, {}).get(code)
        return known.get(code) or (shown_code(code, label) if label else code)

    def range_of(self, code_list: str) -> str:
        """Where the labels of a list stand: each list has two columns, codes and labels, from row 2."""
        column = get_column_letter(2 * list(self.used).index(code_list) + 2)
        return f"{quote_sheetname(LISTS_SHEET)}!${column}$2:${column}${len(self.used[code_list]) + 1}"

    def columns(self) -> list[list[str]]:
        """The columns of the sheet of lists."""
        return [column for name, codes in self.used.items() for column in ([name, *codes], ["", *codes.values()])]
