"""What a workbook contains besides values, common to all formats."""

import pytest

from ingestion.workbook.annotations.annotations import shows_percentage
from ingestion.workbook.reader import read_workbook
from tests.ingestion.workbook.old_formats import ods


@pytest.mark.parametrize(
    ("number_format", "value", "expected"),
    [
        ("0%", 0.48, True),
        ("0.00%;[Red]-0.00%", -0.48, True),
        ('0"%"', 48, False),
        (r"0\%", 48, False),
        ("0_%", 48, False),
        ("0*%", 48, False),
        (r"0;-0\%", 48, False),
        ("0%;-0", -48, False),
        ("0%;-0;0", 0, False),
        ("0;0;0%", 0, True),
        ('[>1]0"%";0%', 48, False),
        ('[>1]0"%";0%', 0.48, True),
        ("[<=1]0%;0", 1, True),
        ("[<=1]0%;0", 2, False),
        ("[$%-42A]0", 48, False),
        ("General", 48, False),
    ],
)
def test_only_a_percent_sign_that_multiplies_makes_a_percentage(number_format, value, expected):
    assert shows_percentage(number_format, value) is expected


def test_a_comment_of_an_ods_is_read_whole():
    cell = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>Bà <text:span>Lê<text:s text:c="2"/>'
        "Thị</text:span><text:tab/>Hoa</text:p><text:list><text:list-item><text:p>mục một</text:p></text:list-item>"
        "</text:list></office:annotation><text:p>x<text:s/>y</text:p></table:table-cell>"
    )
    (sheet,) = read_workbook(ods({"s": [["a"]]}, cells={("s", 0, 0): cell}))
    assert sheet.annotations.comments == {(0, 0): "Bà Lê  Thị\tHoa\nmục một"}
    assert sheet.rows == [["x y"]]
