"""Submissions made by hand: a small clean report of a district, and ways to spoil it."""

from copy import deepcopy
from datetime import UTC, datetime

from ingestion.form.parse_warnings import ParseWarning
from ingestion.form.sheets import SheetRow, SheetRows
from ingestion.form.submission import Submission
from ingestion.workbook.cells import column_letter
from ingestion.workbook.received_file import ReceivedFile
from warehouse.reference.forms import COVER
from warehouse.reference.reference_data import Reference

YEAR = 2024
FIRST_ROW = 3

COVER_LINES = {
    "form_version": "2023.1",
    "reporting_unit_code": "688",
    "reporting_unit_name": "Thị xã Phước Long",
    "report_year": "2024",
    "report_kind": "annual",
    "submission_kind": "first",
    "data_from": "2023-12-01",
    "data_to": "2024-11-20",
    "value_kind": "actual",
    "document_number": "123/BC-UBND",
    "signed_on": "2024-11-25",
}

COOPERATIVE = {
    "registration_number": "3800100009",
    "cooperative_name": "HTX Ví Dụ Một",
    "commune_code": "25216",
    "registered_on": "2020-05-01",
    "sector": "crop",
    "status": "active",
    "union_supported_founding": "C",
    "members": "30",
    "women_members": "12",
    "workers": "20",
    "women_workers": "15",
    "managers": "5",
    "women_managers": "3",
    "woman_leads": "C",
    "women_managers_trained": "2",
    "women_managers_certified": "1",
    "women_in_cooperative": "20",
    "women_stable_jobs": "10",
    "women_new_jobs": "4",
    "women_vocational_trained": "5",
    "members_ecommerce_trained": "6",
    "classification": "good",
    "classification_year": "2023",
    "charter_capital": "1500",
    "revenue": "3670.5",
    "profit": "-12.5",
    "ocop_stars": "3",
}

ROWS = {
    "01_HTX": [COOPERATIVE],
    "02_THT": [
        {
            "group_name": "Tổ đan lát Ví Dụ",
            "commune_code": "25217",
            "founded_on": "2022-03-08",
            "sector": "handicraft",
            "status": "active",
            "union_supported_founding": "C",
            "woman_leads": "C",
            "members": "10",
            "women_members": "8",
            "workers": "4",
            "women_workers": "4",
            "women_stable_jobs": "9",
        }
    ],
    "03_HO_TRO": [
        {
            "organisation_code": "3800100009",
            "support_kind": "strengthening",
            "started_on": "2024-02-01",
            "ended_on": "2024-02-05",
            "supporting_agency": "WU-D",
            "cost": "5",
            "funding_source": "local",
        }
    ],
    "04_DAO_TAO": [
        {
            "course_code": "L01",
            "course_name": "Quản trị hợp tác xã",
            "course_kind": "governance",
            "held_on": "2024-03-01",
            "organiser": "WU-P",
            "attendances": "40",
            "people": "30",
            "women": "25",
            "women_managers": "5",
            "members_and_workers": "10",
            "union_members": "8",
            "union_officers": "2",
            "certificates": "30",
        }
    ],
    "05_CAN_BO_HOI": [
        {
            "union_level": "district",
            "officers": "10",
            "officers_skilled": "8",
            "assigned_officers": "4",
            "assigned_officers_trained": "3",
        },
        {
            "union_level": "branch",
            "officers": "50",
            "officers_skilled": "0",
            "assigned_officers": "0",
            "assigned_officers_trained": "0",
        },
    ],
    "06_NO": [
        {
            "registration_number": "3800100009",
            "debt_kind": "bank",
            "outstanding": "120.5",
            "settled_in_year": "0",
        }
    ],
    "07_KINH_PHI": [
        {"funding_source": "local", "planned": "10", "allocated": "9", "disbursed": "9"},
        {
            "funding_source": "policy_bank",
            "planned": "200",
            "allocated": "200",
            "disbursed": "150",
            "borrowers": "3",
            "outstanding_loans": "140",
        },
    ],
    "08_HOAT_DONG": [{"duty_code": "IV.1.a", "duty_status": "done", "evidence_document": "45/KH-HPN"}],
    "09_UU_TIEN": [{"priority_group": "poor", "women_supported": "13", "women_employed": "7"}],
    "10_TONG_HOP": [
        # 2 of 3 managers trained; 8 of 10 officers without branches
        {"indicator_code": "T05", "declared_value": "66.7"},
        {"indicator_code": "T10", "declared_value": "80"},
    ],
    "11_GIAI_TRINH": [{"finding_id": "F-0123456789AB", "answer": "Đã đối chiếu giấy chứng nhận."}],
    "12_DANH_GIA": [{"narrative_section": "results", "text": "Hoàn thành kế hoạch."}],
}


def report(
    reference: Reference,
    cover: dict[str, str | None] | None = None,
    rows: dict[str, list[dict[str, str | None]]] | None = None,
    absent: tuple[str, ...] = (),
    warnings: tuple[ParseWarning, ...] = (),
    received_at: str = "2024-11-25T08:00:00+00:00",
    content: bytes = b"a report",
    folder: str = "688",
    version: str = "2023.1",
) -> Submission:
    """The clean report with other lines on its cover (None: blank) and other rows on the sheets that are named.

    Columns stand in the order of the form from A on, rows from 3 on; the cover's cells are C1, C2 and so on.
    """
    form = reference.forms[version]
    filled = {sheet: deepcopy(found) for sheet, found in {**ROWS, **(rows or {})}.items() if sheet not in absent}
    sheets = {}
    for sheet_code, found in filled.items():
        columns = {each.field_code: column_letter(n) for n, each in enumerate(form.sheets[sheet_code].fields)}
        sheets[sheet_code] = SheetRows(
            sheet_code=sheet_code,
            sheet_name=sheet_code,
            header_row=2,
            columns=columns,
            unknown_columns={},
            rows=[_row(number, read, columns) for number, read in enumerate(found, start=FIRST_ROW)],
        )
    return Submission(
        file=ReceivedFile(folder, "BC.xlsx", datetime.fromisoformat(received_at).astimezone(UTC), content),
        form=form,
        cover=_without_blanks({**COVER_LINES, **(cover or {})}),
        cover_cells={each.field_code: f"C{n}" for n, each in enumerate(form.sheets[COVER].fields, start=1)},
        sheets=sheets,
        warnings=list(warnings),
    )


def spoiled(sheet_code: str, row: int = 0, **values: str | None) -> dict[str, list[dict[str, str | None]]]:
    """The clean rows of a sheet with other values in one of them (None: blank)."""
    found = deepcopy(ROWS[sheet_code])
    found[row].update(values)
    return {sheet_code: found}


def _row(number: int, read: dict[str, str | None], columns: dict[str, str]) -> SheetRow:
    known = _without_blanks(read)
    return SheetRow(number, {columns[field]: text for field, text in known.items()}, known)


def _without_blanks(values: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}
