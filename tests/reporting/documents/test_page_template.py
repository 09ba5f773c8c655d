"""The HTML pages."""

import re
from functools import cache
from html.parser import HTMLParser

import pytest

from reporting.documents.about import TemplateBroken
from reporting.documents.page_template import TEMPLATES, write_page
from tests.reporting.hand_made_content import about, hand_made, recipients

KINDS = [("phase_review", 1)]


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@cache
def plain(kind: str) -> str:
    """The hand-made page, written once for all tests that only look at it."""
    return written(hand_made(kind, 1))


def written(content, recipient="CENTRAL_UNION", **said) -> str:
    return write_page(content, recipients(content.kind)[recipient], about(**said)).decode()


@pytest.mark.parametrize("kind", ["phase_review"])
def test_a_page_needs_nothing_from_outside(kind):
    page = plain(kind)
    elements = Elements(page).found
    assert {"script", "link", "img", "iframe", "object", "embed", "base"} & {tag for tag, _ in elements} == set()
    names = ("src", "href", "xlink:href", "srcset")
    assert [each for _, each in elements for name in names if not each.get(name, "#").startswith("#")] == []
    assert re.findall(r"@import|url\((?!#)", page) == []
    assert re.findall(r'https?://[^"\s<]*', re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)) == []


@pytest.mark.parametrize("kind", ["phase_review"])
def test_a_page_has_charts_whose_text_is_text(kind):
    pictures = re.findall(r"<svg.*?</svg>", plain(kind), flags=re.DOTALL)
    assert pictures
    assert all('aria-label="' in each and "<text" in each and "matplotlib" not in each for each in pictures)


@pytest.mark.parametrize("kind", ["phase_review"])
def test_every_figure_carries_the_key_that_explains_it(kind):
    keyed = [each for tag, each in Elements(plain(kind)).found if tag == "td" and "data-key" in each]
    assert {cell["title"] for cell in keyed if cell["data-key"] == "T01-2025"} == {"htx explain 'T01-2025'"}
    of_units = [cell for cell in keyed if cell["data-key"].endswith("-2025-25195@2025")]
    assert len(of_units) == 14 * 3 + 3 * 3


@pytest.mark.parametrize(("kind", "period"), KINDS)
def test_a_forced_report_says_why_who_is_missing_and_what_changed(kind, period):
    said = {"forced_because": "Tỉnh ủy yêu cầu.", "missing_units": ("Xã Thọ Sơn",), "changes": ("T01: 22 thành 23.",)}
    page = written(hand_made(kind, period), **said)
    assert "Lý do: Tỉnh ủy yêu cầu." in page
    assert "còn 01 đơn vị chưa gửi số liệu: Xã Thọ Sơn." in page
    assert "<li>T01: 22 thành 23.</li>" in page
    assert 'class="notice"' not in plain(kind)


@pytest.mark.parametrize(("kind", "period"), KINDS)
def test_an_empty_table_is_a_sentence(kind, period):
    page = written(hand_made(kind, period, rows_of_each=0))
    assert "<table" not in page
    assert "<p>Báo cáo không áp dụng quy ước tính toán nào.</p>" in page


def test_each_recipient_is_addressed_in_a_version_of_its_own():
    assert "Kính gửi: Trung ương Hội Liên hiệp Phụ nữ Việt Nam." in plain("phase_review")
    assert "Kính gửi: Ủy ban nhân dân tỉnh." in written(hand_made("phase_review", 1), "PEOPLES_COMMITTEE")


def test_text_is_text_whatever_stands_in_it():
    page = written(hand_made("phase_review", 1, texts={"text": "<script>alert(1)</script>", "name_vi": "A & B <b>"}))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page


def test_the_same_report_is_the_same_page():
    assert written(hand_made("phase_review", 1)) == plain("phase_review")


def test_a_template_with_an_unknown_name_is_refused_with_that_name(tmp_path):
    for name in ("layout.html", "parts.html"):
        (tmp_path / name).write_text((TEMPLATES / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "phase_review.html").write_text("{{ targets_of_last_year }}", encoding="utf-8")
    with pytest.raises(TemplateBroken, match=r"^phase_review.html: 'targets_of_last_year' is undefined$"):
        write_page(hand_made("phase_review", 1), recipients("phase_review")["CENTRAL_UNION"], about(), tmp_path)
