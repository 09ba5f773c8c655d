"""Is the form whole, and in the folder of its unit? Files that are not are rejected (F02, F12)."""

from collections.abc import Mapping

from ingestion.form.contextual_values import COMMUNE_CODE, COMMUNE_NAME
from ingestion.form.sheets import SheetRows
from ingestion.workbook.received_file import UNION_FOLDER
from ingestion.workbook.rejected_file import RejectedFile
from warehouse.reference.cycles import RosterUnit
from warehouse.reference.forms import COVER, Form, Sheet
from warehouse.reference.phrases import phrase
from warehouse.reference.reference_data import Reference


def require_own_folder(folder: str, cover: dict[str, str], cover_cells: Mapping[str, str]) -> None:
    """Reject a file that lies in the folder of another unit than its cover names: only a folder's own unit may write
    there, so that unit is not the sender."""
    unit_code = cover.get("reporting_unit_code")
    if folder != UNION_FOLDER and unit_code is not None and unit_code != folder:
        details = {"folder": folder, "unit": unit_code}
        raise RejectedFile("F12", COVER, cover_cells.get("reporting_unit_code"), unit_code, details, cover=cover)


def require_complete(
    form: Form,
    cover: dict[str, str],
    cover_cells: Mapping[str, str],
    sheets: Mapping[str, SheetRows],
    unit: RosterUnit | None,
    reference: Reference,
) -> None:
    """Reject a file that lacks a required line of the cover, a sheet that the unit must fill in, or a required column
    (filled in or not)."""
    missing: list[tuple[str, str | None, str, str]] = [
        (COVER, None, phrase("line_of_sheet", header=each.header_vi, sheet=COVER), f"{COVER}.{each.field_code}")
        for each in form.cover.fields
        if each.required and each.field_code not in cover_cells
    ]
    for code, sheet in form.sheets.items():
        if sheet is form.cover:
            continue
        rows = sheets.get(code)
        if rows is None:
            if _is_required(sheet, form, cover, unit, reference):
                missing.append((code, None, phrase("sheet", sheet=code, title=sheet.title_vi), code))
            continue
        missing += [
            (
                code,
                f"A{rows.header_row}",
                phrase("column_of_sheet", header=each.header_vi, sheet=code),
                f"{code}.{each.field_code}",
            )
            for each in sheet.fields
            if each.required
            and each.field_code not in rows.columns
            and not (each.field_code == COMMUNE_CODE and COMMUNE_NAME in rows.columns)
        ]
    if missing:
        sheet_code, cell, _, _ = missing[0]
        words, codes = "; ".join(each[2] for each in missing), ", ".join(each[3] for each in missing)
        raise missing_part("missing", words, codes, reference, sheet_code, cell, cover=cover)


def missing_part(
    reason: str,
    missing: str,
    missing_codes: str,
    reference: Reference,
    sheet_code: str = COVER,
    cell: str | None = None,
    value: str | None = None,
    cover: dict[str, str] | None = None,
) -> RejectedFile:
    """The rejection F02, with the details that its sentence needs."""
    versions = ", ".join(reference.forms)
    details = {"reason": reason, "missing": missing, "missing_codes": missing_codes, "versions": versions}
    return RejectedFile("F02", sheet_code, cell, value, details, cover=cover)


def _is_required(
    sheet: Sheet, form: Form, cover: Mapping[str, str], unit: RosterUnit | None, reference: Reference
) -> bool:
    """Whether the unit must fill in the sheet or declare it nil. A partial correction contains only what it changes;
    sheets without a nil line on the cover (declared values, answers, narrative) are optional."""
    nil = f"nil_{sheet.sheet_code}"
    return (
        unit is not None
        and cover.get("submission_kind") != "partial_correction"
        and nil in form.cover.by_code
        and cover.get(nil) != "C"
        and reference.sheet_applies(sheet, unit)
    )
