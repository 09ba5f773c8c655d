"""A commune fills in its form of 2027 in LibreOffice, sends it, reads the answer, and corrects what it names."""

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from htx import steps
from ingestion.feedback.reviewed_file import ReviewedFile
from ingestion.workbook.received_file import ReceivedFile
from tests import datasets
from tests.office.libreoffice import Edit, LibreOffice

pytestmark = pytest.mark.soak("office")
YEAR = 2027
NONE, FOUR = "25217", "25195"
"""communes without cooperatives, and with four in the registry"""
SENT_AT = datetime(2027, 11, 25, 2, 30, tzinfo=UTC)
COVER = [
    ("00_BIA", "C11", "20/11/2027"),
    ("00_BIA", "C12", "Ước thực hiện"),
    ("00_BIA", "C13", "'12/BC-UBND"),
    ("00_BIA", "C14", "21/11/2027"),
]
OFFICERS = [("05_CAN_BO_HOI", f"{letter}{row}", 6 - place) for row in (3, 4) for place, letter in enumerate("BCDE")]


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> LibreOffice:
    return LibreOffice(tmp_path_factory.mktemp("libreoffice"))


@pytest.fixture(scope="module")
def warehouse(run) -> str:
    return run.database(datasets.everything_received(run))


class Officer:
    """Who fills in and sends the form of one unit."""

    def __init__(self, office: LibreOffice, warehouse: str, unit: str, folder: Path) -> None:
        self.office, self.warehouse, self.unit, self.folder = office, warehouse, unit, folder
        self.rounds = 0
        self.workbook = folder / "form.xlsx"
        self.workbook.write_bytes(steps.prefilled_form(warehouse, unit, YEAR))

    def send(self, edits: list[Edit]) -> ReviewedFile:
        """Type, save and send; gives the answer."""
        self.rounds += 1
        self.workbook = self.office.fill(self.workbook, edits, self.folder / f"sent{self.rounds}.xlsx")
        sent_at = SENT_AT.replace(minute=SENT_AT.minute + self.rounds)
        file = ReceivedFile(self.unit, self.workbook.name, sent_at, self.workbook.read_bytes())
        [answer] = steps.load_files(self.warehouse, [file])
        return answer


@pytest.fixture
def officer_of(office, warehouse, tmp_path):
    return lambda unit: Officer(office, warehouse, unit, tmp_path)


def asked(answer: ReviewedFile) -> list[tuple]:
    return [(each.rule_code, each.sheet_code, each.cell) for each in answer.findings if each.severity != "info"]


def marks(*rows: int) -> list[Edit]:
    return [("00_BIA", f"C{row}", "x") for row in rows]


def test_a_commune_without_cooperatives_is_done_in_one_round(officer_of):
    answer = officer_of(NONE).send([*COVER, *OFFICERS, *marks(16, 17, 18, 19, 21, 22), *marks(26, 27)])
    assert (answer.verdict, asked(answer)) == ("accepted", [])


FIGURES = dict(
    G="Đang hoạt động", I=30, J=12, K=20, L=10, M=3, N=1, O="K", P=1, Q=0, R=15, S=8, T=2, U=5, V=10, AA="5200,5",
)  # fmt: skip
MISTAKES = {"AA3": "5200000000", "J4": 40, "M5": "", "G6": "Tạm ngừng"}
COURSES = [
    ("A", "'L01", "'L02"),
    ("B", "Quản trị HTX", "Bán hàng trên sàn"),
    ("C", "Quản trị, điều hành", "Thương mại điện tử"),
    ("D", "'20.10.2027", "1/3/2027"),
    ("E", "UBND xã, phường", "UBND xã, phường"),
    ("F", 30, 20),
    ("G", 30, 20),
    ("H", 18, 12),
]


def test_a_commune_with_four_cooperatives_and_five_usual_mistakes_is_done_in_two(officer_of):
    officer = officer_of(FOUR)
    cooperatives = {f"{letter}{row}": typed for row in (3, 4, 5, 6) for letter, typed in FIGURES.items()} | MISTAKES
    courses = [
        ("04_DAO_TAO", f"{letter}{3 + place}", typed) for letter, *both in COURSES for place, typed in enumerate(both)
    ]
    first = officer.send(
        [
            *COVER,
            *(("01_HTX", cell, typed) for cell, typed in cooperatives.items()),
            *courses,
            *OFFICERS,
            *marks(17, 18, 21, 22),
            *marks(26, 27),
        ]
    )
    cells = {cell for _, _, cell in asked(first)}
    assert first.verdict == "rejected"
    assert cells >= {"AA3", "J4", "M5", "G6"}
    assert cells & {"D3", "D4"}, "the text among the dates of 04_DAO_TAO has a finding"

    corrected = {"AA3": 5200, "J4": 12, "M5": 3, "G6": "Tạm ngừng hoạt động"}
    second = officer.send(
        [*(("01_HTX", cell, typed) for cell, typed in corrected.items()), ("04_DAO_TAO", "D3", "20/10/2027")]
    )
    assert (second.verdict, asked(second)) == ("accepted", [])
    [seventh] = [row.read for row in second.submission.sheets["01_HTX"].rows if row.row_number == 6]
    assert (seventh["status"], seventh["women_stable_jobs"], seventh["revenue"]) == ("suspended", "8", "5200.5")


def test_headers_and_codes_are_locked_and_rows_may_be_inserted(officer_of):
    officer = officer_of(FOUR)
    typed: list[Edit] = [
        ("00_BIA", "B11", "Ngày"),
        ("00_BIA", "C5", "25217"),
        ("01_HTX", "A2", "Số"),
        ("08_HOAT_DONG", "A3", "VI.1"),
        ("08_HOAT_DONG", "B3", "Thực hiện thường xuyên"),
        ("01_HTX", "insert", 4),
        ("01_HTX", "B4", "HTX Ví Dụ"),
    ]
    saved = openpyxl.load_workbook(officer.office.fill(officer.workbook, typed, officer.folder / "saved.xlsx"))
    assert [saved["00_BIA"][cell].value for cell in ("B11", "C5")] == ["Số liệu đến ngày", "25195"]
    assert [saved["01_HTX"][cell].value for cell in ("A2", "A3", "B4", "A5")] == [
        "Mã số HTX", "3892095395", "HTX Ví Dụ", "3892401652",
    ]  # fmt: skip
    assert [saved["08_HOAT_DONG"][cell].value for cell in ("A3", "B3")] == [
        "IV.1.a - Tuyên truyền, vận động nâng cao nhận thức", "Thực hiện thường xuyên",
    ]  # fmt: skip
    protection = saved["01_HTX"].protection
    assert (protection.sheet, protection.insertRows, protection.autoFilter) == (True, False, False)
