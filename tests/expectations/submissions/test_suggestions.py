"""What a value in no list was probably meant to be."""

from datetime import date

import pytest

from expectations.submissions.suggestions import suggested_codes

DAY, AFTER_THE_REFORM = date(2024, 11, 20), date(2025, 11, 20)


def suggested(reference, code_list, sent, unit=(2024, "692"), day=DAY):
    return suggested_codes(reference, code_list, sent, unit[0], reference.roster[unit], day)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("Loc Thanh", ["25280 - Xã Lộc Thạnh", "25294 - Xã Lộc Thành", "25288 - Xã Lộc Thuận"]),
        ("Xã Lộc Thanh", ["25280 - Xã Lộc Thạnh", "25294 - Xã Lộc Thành", "25288 - Xã Lộc Thuận"]),
        ("Xã Tân Lợi", ["25342 - Xã Tân Lợi", "25378 - Xã Tân Lợi"]),
        ("Xã Không Có Thật", []),
        ("99999", []),
    ],
)
def test_communes_that_are_called_alike_those_of_the_unit_first(reference, sent, expected):
    assert suggested(reference, "communes", sent)[: max(2, len(expected))] == expected


def test_a_commune_of_before_the_reform_suggests_the_one_that_its_ground_belongs_to(reference):
    found = suggested(reference, "communes", "25195 - Phường Tân Phú", (2025, "25195"), AFTER_THE_REFORM)
    assert found[0] == "25195 - Phường Bình Phước"


def test_a_label_that_was_mistyped_suggests_the_right_one(reference):
    assert suggested(reference, "sectors", "Trồng trọ") == ["Trồng trọt"]
    assert suggested(reference, "sectors", "bonsai") == []


def test_a_label_that_was_not_finished_suggests_the_whole_one(reference):
    assert suggested(reference, "cooperative_statuses", "Tạm ngừng") == ["Tạm ngừng hoạt động"]


def test_nothing_is_suggested_that_is_not_in_use_on_the_day(reference):
    before = suggested(reference, "agencies", "Hội LHPN huyện")
    assert before[0] == "Hội LHPN cấp huyện"
    for sent in ("Hội LHPN huyện", "Hội LHPN phường"):
        after = suggested(reference, "agencies", sent, (2025, "25195"), AFTER_THE_REFORM)
        assert "Hội LHPN cấp huyện" not in after
