"""The changes of a version as Vietnamese sentences, by the names that the public tables have."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import psycopg

from reporting.content import formats
from warehouse.editions.cell_changes import CellChange
from warehouse.editions.changes import PROVINCE
from warehouse.editions.editions import FED_BY_PUBLICATIONS
from warehouse.editions.figure_changes import Change
from warehouse.reference.numbers_vi import number_vi
from warehouse.reference.phrases import phrase

CELLS_NAMED = 3
DECIMALS_AT_MOST = 6
CHANGES_IN_DOCUMENTS = 60  # a page or two; the whole list is in raw.publication_changes
CODED = {"value_status": "value_statuses", "verdict": "verdicts"}
PLAIN = ("comparator", "target_year")
WITHOUT_UNIT = (formats.PERCENT, formats.WHETHER)  # units of measure that are not written behind the second value
REASONS = ("new_registry", "changed_reference", "changed_code", "publications")


def printed_changes(publication_id: str, changes: Sequence[tuple[Mapping, str]]) -> tuple[str, ...]:
    """The sentences that the documents of a version print, of all its changes as (key, sentence): those of totals as
    reported, which the province and its units sign, CHANGES_IN_DOCUMENTS at most; then how many others there are.
    Reports about the reports themselves are not for their recipients."""
    total = ("as_reported", "total")
    changes = [each for each in changes if each[0].get("indicator_code") not in FED_BY_PUBLICATIONS]
    printed = [
        sentence
        for key, sentence in changes
        if (key.get("basis") or "as_reported", key.get("breakdown") or "total") == total
    ][:CHANGES_IN_DOCUMENTS]
    if others := len(changes) - len(printed):
        printed.append(phrase("changes_others", count=number_vi(others), publication_id=publication_id))
    return tuple(printed)


class ChangeSentences:
    """Writes changes as sentences."""

    def __init__(self, connection: psycopg.Connection, tables: Mapping[str, str], percent_decimals: int = 1):
        """`tables`: {table of the documents: title}."""
        self._tables, self._percent_decimals = tables, percent_decimals

        def rows(query: str) -> list[tuple]:
            return connection.execute(query).fetchall()

        self._measures = {
            (indicator, measure): (indicator_name if measure == "value" else f"{indicator_name} ({name})", *about)
            for indicator, measure, indicator_name, name, *about in rows(
                "select indicator_code, measure_code, indicator_name_vi, measure_name_vi, measures.unit, unit_name_vi"
                " from marts.dim_measures as measures"
                " inner join marts.dim_indicators using (indicator_code)"
            )
        }
        self._units: dict[str, str] = dict(
            rows(
                "select unit_uid, unit_name from marts.dim_administrative_units"
                " union select unit_uid, unit_name_vi from marts.dim_reporting_units"
            )
        )
        self._codes: dict[tuple[str, str], str] = {
            (code_list, code): label
            for code_list, code, label in rows("select code_list, code, label_vi from marts.dim_codes")
        }
        self._parts = {
            (breakdown, code): f"{name}: {code_name}"
            for breakdown, code, name, code_name in rows(
                "select breakdown, breakdown_code, breakdown_name_vi, breakdown_code_name_vi"
                " from marts.dim_breakdown_codes"
            )
        }
        self._maps: dict[str, str] = dict(rows("select basis, map_name_vi from marts.dim_maps"))
        self._files = {
            id: phrase("file", name=name, receipt=receipt)
            for id, name, receipt in rows("select submission_id, file_name, receipt_number from raw.received_files")
        }

    def of(self, change: Change) -> str:
        """One sentence: what changed, from what to what, and why."""
        key, column = change.key, change.column or ""
        if change.change != "changed":
            return self._scope(change)
        if "indicator_code" not in key:
            return phrase("table_changed", table=self._tables.get(column, column))
        measure = str(key["indicator_code"]), str(key.get("measure_code", "value"))
        name, unit, unit_name = self._measures.get(measure, (measure[0], None, None))
        subject = ", ".join(filter(None, [
            phrase("changed_figure", code=measure[0], name=name, year=key["report_year"]),
            self._place(key),
            self._part(key),
            phrase("changed_map", map=self._maps[key["basis"]]) if key.get("basis") in self._maps else None,
            phrase(f"changed.{column}") if column != "value" else None,
        ]))  # fmt: skip
        change_vi = " → ".join(self._both_written(change, unit))
        if unit_name and unit not in WITHOUT_UNIT and column in ("value", "target"):
            change_vi += f" {unit_name}"
        because = self._because(change)
        return f"{subject}: {change_vi}{f'; {because}' if because else ''}."

    def _scope(self, change: Change) -> str:
        if "unit_uid" in change.key:
            name = self._units.get(str(change.key["unit_uid"]), change.key["unit_uid"])
            return phrase(f"report_{change.change}", year=change.key["report_year"], name=name)
        measure = str(change.key["indicator_code"]), str(change.key["measure_code"])
        name = self._measures.get(measure, (measure[1],))[0]
        return phrase(f"indicator_{change.change}", code=measure[0], name=name)

    def _place(self, key: Mapping) -> str:
        unit_uid = str(key.get("unit_uid", PROVINCE))
        return self._units.get(unit_uid) or self._codes.get(("places", unit_uid), unit_uid)

    def _part(self, key: Mapping) -> str | None:
        part = str(key.get("breakdown", "total")), str(key.get("breakdown_code", "total"))
        return None if part[0] == "total" else self._parts.get(part, f"{part[0]}: {part[1]}")

    def _both_written(self, change: Change, unit: str | None) -> tuple[str, str]:
        written = self._written(change, change.old_value, unit), self._written(change, change.new_value, unit)
        if written[0] != written[1] or change.old_value is None or change.new_value is None:
            return written
        # the same with the decimals that reports show: written with more
        sign = "%" if unit == formats.PERCENT else ""
        old, new = (
            number_vi(Decimal(value), DECIMALS_AT_MOST, fixed=False) + sign
            for value in (change.old_value, change.new_value)
        )
        return old, new

    def _written(self, change: Change, value: str | None, unit: str | None) -> str:
        if value is None:
            return phrase("no_value")
        if change.column in CODED:
            return self._codes.get((CODED[change.column], value), value)
        if change.column in PLAIN:
            return value
        of_whole = unit if change.column not in ("numerator", "denominator") else None
        return formats.figure(Decimal(value), of_whole, None, self._percent_decimals)

    def _because(self, change: Change) -> str:
        if change.reason != "new_files":
            reason = phrase(f"because.{change.reason}") if change.reason in REASONS else None
            return f"{reason}: {change.cause}" if reason and change.cause else reason or ""
        if not change.cells:
            named = [self._files.get(id, id) for id in change.files[:CELLS_NAMED]]
            return phrase("because_of", causes=", ".join(named) + self._others(len(change.files), "other_files"))
        cells = [self._cell(each) for each in change.cells[:CELLS_NAMED]]
        return phrase("because_of", causes="; ".join(cells) + self._others(len(change.cells), "other_cells"))

    def _others(self, count: int, of: str) -> str:
        return phrase(of, count=count - CELLS_NAMED) if count > CELLS_NAMED else ""

    def _cell(self, each: CellChange) -> str:
        file = self._files.get(each.submission_id, each.submission_id)
        if each.row_number is None:
            return phrase("row_gone", file=file, value=each.old_value, sheet=each.sheet_code)
        was = phrase("row_is_new") if each.old_value is None else phrase("value_was", value=each.old_value)
        place = phrase("at_cell", cell=each.cell) if each.cell else phrase("at_row", row=each.row_number)
        return phrase("cell_now", place=place, sheet=each.sheet_code, file=file, value=each.new_value or "", was=was)
