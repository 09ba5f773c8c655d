"""The form of a paper: what it shows, what is recorded from it, and what it asks next."""

from datetime import UTC, datetime

import pytest

from htx.editions import office_files, papers, requests, workflow
from htx.editions.paper_form import NOTHING_GIVEN, question
from tests.htx.conftest import BOTH, ID, NUMBERS, later_version
from warehouse.connection import connect

NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)
REQUEST = {"kind": "annual", "report_year": 2025, "as_of": None, "force_because": None, "at": NOW.isoformat()}
SIGNED = {
    "number_CENTRAL_UNION": "245", "number_PEOPLES_COMMITTEE": "87/BC-HLHPN", "signed_on": "2025-12-29",
    "signer": "Nguyễn Thị Ví Dụ",
}  # fmt: skip
ISSUED = {"issued_on": "2025-12-30", "channel": "exchange"}


@pytest.fixture
def outcome(url, tmp_path) -> dict:
    return {**workflow.published_before(url, ID, tmp_path.as_uri()), "figures_sha256": "abc"}


def decide(url: str, outcome: dict, option: str, **given) -> dict:
    decision = {
        "chosen_options": [option],
        "params_input": NOTHING_GIVEN | given,
        "responded_by_user": {"id": "1", "name": "Lan"},
    }
    reports = outcome["documents"][0].rpartition("/annual-2025/")[0]
    return requests.record(url, REQUEST, outcome, decision, reports, NOW)


def form(url: str, outcome: dict, **more) -> dict:
    about = {"page_url": None, "requested_by": None, "is_clock_set": False, **more}
    return question(url, outcome, workflow.described(url, ID), **about)


def test_who_decides_sees_who_asked_what_is_missing_and_where_the_papers_stand(url, outcome):
    decide(url, outcome, "Đã ký", recipient=BOTH[0], **SIGNED)
    decide(url, outcome, "Trả lại để chỉnh sửa", recipient=BOTH[1], because="viết lại **mục II**")
    outcome |= {"missing_units": ["Xã Thọ Sơn"]}
    body = form(url, outcome, requested_by="report`trigger", is_clock_set=True)["body"]
    for line in (
        "Bên yêu cầu: `report´trigger`",
        "Thời điểm lập dự thảo: 08:00 26/12/2025, do bên yêu cầu đặt",
        "Đơn vị chưa có báo cáo: Xã Thọ Sơn",
        "- Trung ương Hội Liên hiệp Phụ nữ Việt Nam: đã ký, ký số 245/BC-BTV ngày 29/12/2025, người ký Nguyễn Thị"
        " Ví Dụ",
        "- Ủy ban nhân dân tỉnh: trả lại để chỉnh sửa, `viết lại **mục II**`",
        "- **Đã ký**: cần số của từng báo cáo, ngày ký, người ký. Chỉ cần ghi chữ số: báo cáo gửi Trung ương Hội Liên"
        " hiệp Phụ nữ Việt Nam có ký hiệu /BC-BTV; báo cáo gửi Ủy ban nhân dân tỉnh có ký hiệu /BC-HLHPN.",
        "- Trung ương Hội Liên hiệp Phụ nữ Việt Nam: Không đối chiếu: chưa có tệp đã sửa hoặc đã ký.",
    ):
        assert line in body.splitlines()


def test_links_lead_to_where_a_browser_opens_the_reports_and_else_name_the_path(url, outcome, tmp_path):
    path = tmp_path / "annual-2025" / "1.0.0" / "CENTRAL_UNION" / "bao-cao-nam-2025.docx"
    assert f"- `{path}`" in form(url, outcome)["body"]
    linked = form(url, outcome, page_url="https://tep.hoi.example/bc/")["body"]
    place = "https://tep.hoi.example/bc/annual-2025/1.0.0/CENTRAL_UNION/bao-cao-nam-2025.docx"
    assert f"- [Trung ương Hội Liên hiệp Phụ nữ Việt Nam: bao-cao-nam-2025.docx]({place})" in linked


def test_signed_and_issued_may_be_recorded_by_one_form_and_then_nothing_is_left(url, outcome):
    recorded = decide(url, outcome, "Đã phát hành", **SIGNED, **ISSUED, send_copy=True)
    assert (recorded["is_recorded"], recorded["send_copy"], recorded["recipients"]) == (True, True, BOTH)
    assert recorded["again"] == []
    assert [each["state"] for each in workflow.described(url, ID)["papers"]] == ["issued", "issued"]
    answer = requests.answer({**outcome, "awaits_approval": True, "question": {}}, recorded, None)
    assert (answer["decided_by"], answer["sent"]) == ("Lan", [])
    assert answer["answer_vi"].endswith("phát hành ngày 30/12/2025, qua trục liên thông văn bản.")


def test_each_paper_is_signed_with_the_number_that_was_given_for_it_and_the_copy_is_of_those(url, outcome):
    one = {**SIGNED, "number_PEOPLES_COMMITTEE": ""}
    recorded = decide(url, outcome, "Đã ký", **one, send_copy=True)
    assert recorded["recipients"] == BOTH[:1]
    assert decide(url, outcome, "Đã phát hành", **one, **ISSUED)["answer_vi"].endswith(
        "Chưa ghi nhận: Báo cáo gửi Ủy ban nhân dân tỉnh chưa ký (hiện nay: dự thảo): ghi số, ngày, người ký trước khi"
        " ghi ngày phát hành."
    )
    recorded = decide(url, outcome, "Đã ký", recipient=BOTH[1], **SIGNED)
    assert "ký số 87/BC-HLHPN" in recorded["answer_vi"]
    assert [each["number"] for each in workflow.described(url, ID)["papers"]] == [*NUMBERS.values()]
    none = {**SIGNED, "number_CENTRAL_UNION": "", "number_PEOPLES_COMMITTEE": ""}
    assert decide(url, outcome, "Đã ký", **none)["answer_vi"] == "Chưa ghi nhận: Chưa ghi số văn bản."


def test_another_run_goes_on_with_what_is_left_to_do(url, outcome, tmp_path):
    recorded = decide(url, outcome, "Đã ký", **SIGNED, send_copy=True)
    [conf] = recorded["again"]
    assert {name: conf[name] for name in ("kind", "report_year")} == {"kind": "annual", "report_year": 2025}
    [request] = requests.choose(url, "annual", {**conf, "force_because": None}, [], NOW, True)
    asked = requests.publish(url, request, tmp_path.as_uri(), 3, "report-trigger")
    assert (asked["is_new"], asked["awaits_approval"], asked["publication_id"]) == (False, True, ID)
    assert asked["question"]["given"] == NOTHING_GIVEN


def test_what_cannot_be_recorded_is_said_first_and_the_fields_keep_what_was_given(url, outcome, tmp_path):
    recorded = decide(url, outcome, "Đã ký", **{**SIGNED, "signed_on": "2026-02-30"})
    assert (recorded["is_recorded"], recorded["send_copy"]) == (False, False)
    assert recorded["answer_vi"] == "Chưa ghi nhận: Không đọc được ngày ký «2026-02-30»."
    [conf] = recorded["again"]
    [request] = requests.choose(url, "annual", conf, [], NOW, True)
    asked = requests.publish(url, request, tmp_path.as_uri(), 3, "report-trigger")
    assert asked["awaits_approval"]
    assert asked["question"]["body"].startswith("**Chưa ghi nhận: Không đọc được ngày ký «2026-02-30».**")
    assert asked["question"]["given"] == {**NOTHING_GIVEN, **SIGNED, "signed_on": None}


def test_what_is_missing_is_named_as_the_form_names_it(url, outcome):
    no_day = decide(url, outcome, "Đã ký", **{**SIGNED, "signed_on": None})
    assert no_day["answer_vi"] == "Chưa ghi nhận: Chưa ghi ngày ký."
    no_channel = decide(url, outcome, "Đã phát hành", **SIGNED, issued_on="2025-12-30")
    assert no_channel["answer_vi"].endswith(
        "Chưa ghi nhận: Chưa chọn hình thức gửi: trục liên thông văn bản; đường bưu điện; chuyển trực tiếp."
    )


def test_a_withdrawn_signature_is_not_shown(url, outcome):
    decide(url, outcome, "Đã ký", **SIGNED)
    decide(url, outcome, "Trả lại để chỉnh sửa", because="sai thể thức")
    assert "245/BC-BTV" not in form(url, outcome)["body"]


def test_no_form_follows_for_an_older_draft_when_a_newer_one_was_made(url, outcome, connection):
    later_version(connection)
    recorded = decide(url, outcome, "Đã ký", **SIGNED)
    assert recorded["answer_vi"].startswith("Chưa ghi nhận: Không ký bản 1.0.0 được nữa")
    assert recorded["again"] == []
    papers.refuse(url, "P-2", "lập nhầm", "Lan", NOW)
    assert decide(url, outcome, "Đã ký", **SIGNED)["is_recorded"]
    assert workflow.described(url, ID)["papers"][0]["newer"] is None


def test_a_refusal_ends_it_and_needs_a_reason(url, outcome):
    assert decide(url, outcome, "Không duyệt")["answer_vi"] == "Chưa ghi nhận: Chưa ghi lý do."
    recorded = decide(url, outcome, "Không duyệt", because="chờ số liệu", send_copy=True)
    assert (recorded["again"], recorded["send_copy"]) == ([], False)


def test_files_in_the_folder_are_kept_with_the_decision(url, outcome, tmp_path):
    folder = tmp_path / "annual-2025" / "1.0.0" / "CENTRAL_UNION"
    (folder / "signed" / "ký.pdf").write_bytes(b"%PDF signed")
    decide(url, outcome, "Đã ký", **SIGNED)
    with connect(url) as connection:
        kept = connection.execute("select recipient, kind, content, recorded_by from raw.publication_files").fetchall()
    assert kept == [("CENTRAL_UNION", "signed", b"%PDF signed", "Lan")]
    assert office_files.collect(url, "Lan", tmp_path.as_uri()) == []
