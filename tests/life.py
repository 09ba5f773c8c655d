"""Files of a small district, and of its neighbour, as they may come over a year: for the tests of their life."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

from ingestion.template.form_workbook import write_workbook
from ingestion.workbook.received_file import ReceivedFile
from warehouse.reference.reference_data import Reference

YEAR = 2023
UNIT, NEIGHBOUR = "692", "694"  # Lộc Ninh, Hớn Quản
COMMUNES = {UNIT: "25280", NEIGHBOUR: "25327"}
IN_TIME = datetime(2023, 11, 20, 2, 30, tzinfo=UTC)
LOCKED = datetime(2024, 3, 5, 2, 30, tzinfo=UTC)
NUMBERS = ("3800100009", "3800100016", "3800100023", "3800100030", "3800100048")
OLD_NUMBER = "44A000123"  # of an older certificate: passes with a query (H13)
LISTS = ("03_HO_TRO", "04_DAO_TAO", "05_CAN_BO_HOI", "06_NO", "07_KINH_PHI", "08_HOAT_DONG", "09_UU_TIEN")


def cooperative(number: str = NUMBERS[0], members: int = 30, unit: str = UNIT, **others: object) -> dict[str, object]:
    """A row of 01_HTX that no rule has anything to say about."""
    return {
        "registration_number": number,
        "cooperative_name": f"HTX Ví Dụ {number[-4:]}",
        "commune_code": COMMUNES[unit],
        "registered_on": date(2019, 5, 6),
        "sector": "crop",
        "status": "active",
        "union_supported_founding": False,
        "members": members,
        "women_members": 3,
        "workers": 12,
        "women_workers": 3,
        "managers": 3,
        "women_managers": 1,
        "woman_leads": False,
        "women_managers_trained": 0,
        "women_managers_certified": 0,
        "women_in_cooperative": 4,
        "women_stable_jobs": 1,
        "women_new_jobs": 0,
        "women_vocational_trained": 0,
        "members_ecommerce_trained": 0,
        **others,
    }


def course(code: str, people: int) -> dict[str, object]:
    """A row of 04_DAO_TAO that no rule has anything to say about."""
    return {
        "course_code": code,
        "course_name": "Quản trị hợp tác xã",
        "course_kind": "governance",
        "held_on": date(2023, 6, 1),
        "organiser": "WU-P",
        "attendances": people,
        "people": people,
        "women": 1,
    }


def workbook(
    reference: Reference,
    sheets: dict[str, list[dict[str, object]]],
    cover: dict[str, object] | None = None,
    unit: str = UNIT,
    year: int = YEAR,
) -> bytes:
    """A report with these lists, its cover as it should be for them but for what is given."""
    lines: dict[str, object] = {
        "report_kind": "annual",
        "submission_kind": "first",
        "data_from": date(2023, 1, 3),
        "data_to": date(2023, 11, 20),
        "value_kind": "actual",
        "document_number": "12/BC-UBND",
        "signed_on": date(2023, 11, 21),
        **(cover or {}),
    }
    if lines["submission_kind"] != "partial_correction":
        lines |= {f"nil_{code}": True for code in ("01_HTX", "02_THT", *LISTS) if not sheets.get(code)}
    return write_workbook(reference.form_for(year), reference, lines, sheets, reference.roster[year, unit])


def other_bytes(content: bytes, comment: bytes = b"saved again") -> bytes:
    """The same workbook in other bytes, as a program saves it again."""
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = comment
    return target.getvalue()


def received(
    content: bytes, at: datetime | int = 0, folder: str = UNIT, name: str = "bc.xlsx", after: datetime = IN_TIME
) -> ReceivedFile:
    """The file as it came, at an instant or so many hours after one."""
    return ReceivedFile(folder, name, after + timedelta(hours=at) if isinstance(at, int) else at, content)
