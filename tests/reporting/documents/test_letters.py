"""The letters of the reminders, by their templates."""

from dataclasses import dataclass

from reporting.documents.letters import write_letter


@dataclass(frozen=True)
class Outstanding:
    what_vi: str
    findings: tuple[dict, ...] = ()


@dataclass(frozen=True)
class Unit:
    name: str
    code: str
    items: list[Outstanding]

    @property
    def unit(self) -> "Unit":
        return self


REMINDER = {"name_vi": "Nhắc quá hạn"}
QUERY = {"sheet_code": "01_HTX", "cell": "K4", "message_vi": "Mục «Tổng số lao động» là 51; đề nghị kiểm tra."}
QUERIES = Outstanding("Còn 1 nội dung cần sửa hoặc giải trình:", (QUERY,))
REJECTED = Outstanding("Tệp 2025-25210-1 chưa được tiếp nhận; đề nghị sửa các lỗi sau và gửi lại:", (QUERY,))
ANSWER = {
    "unit_name": "Phường Đồng Xoài", "unit_code": "25210", "about_vi": "biên nhận 2025-25210-1", "findings": [QUERY],
}  # fmt: skip
MAIL = {"mail_id": "T-0123456789", "sender": "ai@noi-khac.example", "doubt": "địa chỉ chưa có trong danh sách"}
DAYS = {"last_day": "29/11/2025", "moment": "08 giờ 00 ngày 01/12/2025"}


def letter_to_unit(item: Outstanding, **said: bool) -> tuple[str, str]:
    about = {"is_past_due": True, "last_open_day": "28/02/2026", "has_form": False, "has_findings": bool(item.findings)}
    return write_letter(
        "reminder_to_unit", reminder=REMINDER, year=2025, unit_name="Phường Bình Phước", items=[item],
        **DAYS, **{**about, **said},
    )  # fmt: skip


def test_the_letter_to_a_unit_whose_report_is_in_lists_what_it_lacks_and_no_lateness():
    subject, text = letter_to_unit(QUERIES, has_report=True)
    assert subject == "Đề nghị bổ sung: báo cáo năm 2025 của Phường Bình Phước"
    assert "báo cáo năm 2025 của quý đơn vị đã được Hội Liên hiệp Phụ nữ tỉnh tiếp nhận.\n" in text
    assert "hệ thống ghi nhận báo cáo còn những nội dung sau:\n\n1. Còn 1 nội dung cần sửa hoặc giải trình:\n" in text
    assert (
        "Bản bổ sung, sửa đổi được tiếp nhận đến hết ngày 28/02/2026; ngày nhận báo cáo vẫn là ngày của bản được tiếp"
        " nhận lần đầu."
    ) in text
    assert [word for word in ("quá hạn", "đến hạn", "gửi muộn") if word in subject + text] == []


def test_the_letter_to_a_unit_without_a_report_says_that_it_is_late():
    subject, text = letter_to_unit(Outstanding("Chưa gửi báo cáo năm 2025."), has_report=False)
    assert subject == "Nhắc quá hạn: báo cáo năm 2025 của Phường Bình Phước"
    assert "đã đến hạn vào ngày 29/11/2025." in text
    assert "được tiếp nhận đến hết ngày 28/02/2026 và được ghi nhận là quá hạn." in text


def test_the_overview_lists_outstanding_items_in_whole_sentences_without_the_cells():
    units = [Unit("Phường Bình Phước", "25195", [QUERIES]), Unit("Phường Đồng Xoài", "25210", [REJECTED])]
    _, text = write_letter(
        "reminder_to_union", reminder=REMINDER, year=2025, units=units, incomplete=units, without_mailbox=set(),
        honours=[], undelivered=[ANSWER], mails=[MAIL], uncertain=[], **DAYS,
    )  # fmt: skip
    assert [line for line in text.splitlines() if line.startswith(("   - ", "- Phường"))] == [
        "   - Còn 1 nội dung cần sửa hoặc giải trình",
        "   - Tệp 2025-25210-1 chưa được tiếp nhận",
        "- Phường Đồng Xoài (25210), biên nhận 2025-25210-1",
        "   - Biểu 01_HTX, ô K4: Mục «Tổng số lao động» là 51; đề nghị kiểm tra.",
    ]
    assert "- T-0123456789, từ ai@noi-khac.example: địa chỉ chưa có trong danh sách\n" in text


def test_a_letter_of_the_plan_takes_the_place_of_that_of_the_release(tmp_path, monkeypatch):
    monkeypatch.setenv("HTX_PLAN", str(tmp_path))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "publication.txt").write_text("Báo cáo {{ year }}\n\nKính gửi", encoding="utf-8")
    assert write_letter("publication", year=2027) == ("Báo cáo 2027", "Kính gửi\n")
