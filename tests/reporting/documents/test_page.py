"""A paper drawn as a page."""

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from reporting.content.tables import Column
from reporting.documents.about import TemplateBroken
from reporting.documents.page import write_page
from reporting.papers.blocks import Annex, Figure, Grid, Heading, Outline, OwnWords, Paragraph, Picture
from tests.reporting.hand_made_content import about, hand_made, recipients, with_rows

COLUMNS = (Column("name", "Chỉ tiêu", "text"), Column("value", "Kết quả", "figure"))
GRID = Grid(
    "Bảng 1. Kết quả", COLUMNS, ({"name": ("Củng cố",), "value": (Figure("22", "T01-2025"), "/20")},), (3, 1),
    "Số liệu ước thực hiện.",
)  # fmt: skip
DEFINED = {
    "indicator_code": "T01", "measure_code": "value", "name_vi": "Số HTX được củng cố", "unit_vi": "HTX",
    "definition_vi": "Đếm HTX có hoạt động hỗ trợ.",
}  # fmt: skip
TARGET = {
    "indicator_code": "T01", "key": "T01-2025", "value": Decimal(22), "unit": "cooperative", "unit_vi": "HTX",
    "coverage_vi": "39/40", "value_status_vi": "Ước thực hiện", "bound_kind": "assumed", "bound_kind_vi": "Ước lượng",
    "value_low": Decimal(22), "value_high": Decimal(23),
}  # fmt: skip
TILES = [{"unit_uid": "A", "name_vi": "Lộc Ninh", "tile_x": 2, "tile_y": 4},
         {"unit_uid": "B", "name_vi": "Bù Đăng", "tile_x": 7, "tile_y": 5}]  # fmt: skip


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def content():
    targets = with_rows(hand_made("annual", 2025), "targets", [TARGET])
    return with_rows(targets, "definitions", [DEFINED])


def on_tiles():
    late = {"on_time": False, "on_due_day": False, "status": "accepted"}
    reports = with_rows(content(), "discipline", [{"unit_uid": "A", "status": "missing"}, {"unit_uid": "B", **late}])
    trained = {"T05_unit": "percent", "T05_key": None, "T05_status": "not_reported"}
    units = [{"unit_uid": "A", "T05": None, **trained}, {"unit_uid": "B", "T05": Decimal("62.5"), **trained}]
    percentage = {"indicator_code": "T05", "indicator_name_vi": "Tỷ lệ nữ quản lý được đào tạo", "unit": "percent"}
    made = with_rows(with_rows(reports, "unit_targets", units), "targets", [TARGET, percentage])
    return replace(made, facts={**made.facts, "tiles": TILES})


def written(*blocks, made=None, annexes=(), subject="Kết quả năm 2025", recipient="PEOPLES_COMMITTEE") -> str:
    outline = Outline("annual", "Báo cáo", subject, blocks, "Kính báo cáo./.", annexes)
    return write_page(outline, recipients()[recipient], about(), made).decode()


def body(page: str) -> str:
    return page.partition("<body>")[2]


def lines(page: str) -> list[str]:
    """The text of the page without its styles, a line an element."""
    return [text for line in re.split(r"<[^>]+>", body(page)) if (text := line.strip())]


def test_the_blocks_of_the_outline_come_in_their_order_between_addressee_and_closing():
    page = written(Heading("I. KẾT QUẢ"), Paragraph(("Củng cố ", Figure("22", "T01-2025"), " HTX.")), GRID)
    text = lines(page)
    assert text[text.index("Kính gửi: Ủy ban nhân dân tỉnh.") :][:11] == [
        "Kính gửi: Ủy ban nhân dân tỉnh.", "I. KẾT QUẢ", "Củng cố 22 HTX.", "Bảng 1. Kết quả", "Chỉ tiêu", "Kết quả",
        "Củng cố", "22/20", "Số liệu ước thực hiện.", "Kính báo cáo./.",
        text[-1],
    ]  # fmt: skip


def test_a_page_needs_nothing_from_outside_and_no_script():
    page = written(
        Paragraph((Figure("22", "T01-2025"),)), Picture("achievement", "Mức đạt", "Mức đạt."), made=on_tiles()
    )
    elements = Elements(page).found
    assert {"script", "link", "img", "iframe", "object", "embed", "base"} & {tag for tag, _ in elements} == set()
    names = ("src", "href", "xlink:href", "srcset")
    assert [each for _, each in elements for name in names if not each.get(name, "#").startswith("#")] == []
    assert re.findall(r"@import|url\((?!#)", page) == []
    assert re.findall(r'https?://[^"\s<]*', re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)) == []


def test_a_figure_opens_to_what_it_is_made_of():
    page = written(Paragraph(("Củng cố ", Figure("22", "T01-2025"), " HTX.")), made=content())
    assert '<a class="figure" href="#T01-2025">22</a>' in page
    parts = page[page.index('<div id="T01-2025">') :]
    assert lines("<body>" + parts[: parts.index("</div>")]) == [
        "Số HTX được củng cố, năm 2025", "Đóng", "Số liệu", "22 HTX", "Đơn vị có số liệu", "39/40",
        "Tình trạng số liệu", "Ước thực hiện", "Thấp nhất, cao nhất",
        "22 đến 23 (Ước lượng)", "Cách tính", "Đếm HTX có hoạt động hỗ trợ.",
        "Mã số liệu", "T01-2025",
    ]  # fmt: skip


def test_a_figure_is_a_link_only_where_the_page_says_what_it_is_made_of():
    assert 'class="figure"' not in body(written(Paragraph((Figure("22", "T01-2025"), Figure("20")))))


def test_a_picture_is_drawn_into_the_page_with_its_caption():
    page = written(Picture("first_page", "Mức đạt so với mục tiêu", "Mức đạt."), made=content())
    assert re.search(r'<figure><svg role="img" aria-label="[^"]+"', page)
    assert "<figcaption>Mức đạt so với mục tiêu</figcaption>" in page


def test_charts_for_which_the_paper_has_no_room_stand_below_the_text():
    page = written(made=content())
    below = page[page.index("Kính báo cáo./.") :]
    assert re.findall("<figcaption>(.*)</figcaption>", below) == [
        "Mức đạt so với mục tiêu, năm 2025", "Đơn vị gửi báo cáo, năm 2025",
    ]  # fmt: skip


def test_words_that_the_union_owes_are_named_and_those_that_it_wrote_stand():
    text = lines(written(OwnWords("lessons", "Bài học"), OwnWords("causes", "Nguyên nhân", ("Thiếu vốn.",))))
    assert "[Bài học: nội dung này do Hội viết. Đề nghị bổ sung trước khi trình ký.]" in text
    assert "Thiếu vốn." in text


def test_annexes_have_roman_numerals():
    text = lines(written(annexes=(Annex("Theo đơn vị", (GRID,)), Annex("Danh sách", ()))))
    assert [each for each in text if each.startswith("Phụ lục")] == ["Phụ lục I. Theo đơn vị", "Phụ lục II. Danh sách"]


def test_an_annex_is_closed_on_the_screen_and_open_in_print_and_the_map_stands_before_it():
    page = written(made=on_tiles(), annexes=(Annex("Theo đơn vị", (GRID,)), Annex("Danh sách", ())))
    assert "<details><summary><h2>Phụ lục I. Theo đơn vị</h2></summary>" in page
    assert page.index("Lộc Ninh</span>") < page.index("Phụ lục I.") < page.index("Số liệu chi tiết")
    print_styles = page[page.index("@media print") : page.index("</style>")]
    assert "details::details-content { content-visibility: visible;" in print_styles
    hidden = re.findall(r"([^{}]*) { display: none; }", print_styles)
    assert [each.strip() for each in hidden] == [".map, .parts, .tables"]


def test_each_unit_stands_on_its_tile_with_words_that_need_no_colour():
    page = written(made=on_tiles())
    assert '<div class="tile empty" style="grid-area: 4 / 2"><span>Lộc Ninh</span> <b>chưa gửi</b></div>' in page
    assert '<div class="tile lined" style="grid-area: 5 / 7"><span>Bù Đăng</span> <b>quá hạn</b></div>' in page


def test_a_percentage_of_the_units_stands_on_their_tiles_as_text_and_as_a_line():
    page = written(made=on_tiles())
    assert "<summary>Tỷ lệ nữ quản lý được đào tạo, năm 2025</summary>" in page
    assert '<span>Bù Đăng</span> <b>62,5%</b><i style="width: 62.5%"></i>' in page
    assert "<span>Lộc Ninh</span> <b>Chưa báo cáo</b></div>" in page


def test_the_tables_of_the_document_can_be_opened_below_the_text_but_for_the_duties_of_each_unit():
    page = written(made=content())
    tables = {table.title_vi for name, table in content().tables.items() if name not in ("duties", "duties_owed")}
    summaries = set(re.findall(r"<summary>(.*) \(\d+\)</summary>", page))
    assert tables == summaries


def test_text_is_text_whatever_stands_in_it():
    page = written(Paragraph(("<script>alert(1)</script> & <b>",)), subject="A & B <b>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in page
    assert "<script" not in page


def test_the_same_paper_is_the_same_page():
    assert written(GRID, made=on_tiles()) == written(GRID, made=on_tiles())


def test_no_two_elements_of_a_page_have_one_id():
    page = written(GRID, Picture("first_page", "Mức đạt", "Mức đạt."), made=content())
    ids = [each["id"] for _, each in Elements(page).found if "id" in each]
    assert len(ids) == len(set(ids))


def test_a_template_with_an_unknown_name_is_refused_with_that_name(tmp_path):
    (tmp_path / "page.html").write_text("{{ targets_of_last_year }}", encoding="utf-8")
    outline = Outline("annual", "Báo cáo", "Kết quả", ())
    with pytest.raises(TemplateBroken, match=r"^page.html: 'targets_of_last_year' is undefined$"):
        write_page(outline, recipients()["CENTRAL_UNION"], about(), None, tmp_path)
