"""Charts for Word and for the page."""

import io
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from PIL import Image

from reporting.documents.charts import FILLS, png, svg
from tests.reporting.hand_made_content import hand_made, with_rows

ANNUAL, PHASE = hand_made("annual", 2025), hand_made("phase_review", 1)
DRAWN = [("achievement", ANNUAL), ("units", ANNUAL), ("achievement", PHASE)]


@pytest.mark.parametrize(("name", "content"), DRAWN)
def test_the_same_picture_is_the_same_bytes(name, content):
    assert png(name, content) == png(name, content)
    assert svg(name, content) == svg(name, content)


@pytest.mark.parametrize(("name", "content"), DRAWN)
def test_a_picture_for_word_is_sharp_when_it_is_printed_over_the_width_of_the_text(name, content):
    picture = Image.open(io.BytesIO(png(name, content)))
    assert picture.width / (16.5 / 2.54) == pytest.approx(200, abs=1)


@pytest.mark.parametrize(("name", "content"), DRAWN)
def test_a_picture_on_the_page_says_what_it_shows_and_has_its_text_as_text(name, content):
    drawn = svg(name, content)
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert (root.get("width"), root.get("height")) == (None, None)
    assert "<text" in drawn
    assert "matplotlib" not in drawn


def test_two_pictures_of_a_page_share_no_id():
    ids = [set(re.findall(r' id="([^"]+)"', svg(name, ANNUAL))) for name in ("achievement", "units")]
    assert ids[0] & ids[1] == set()


def test_bars_differ_without_colour():
    """Each fill has a hatch of its own, or is the only one that is full or empty."""
    assert len({(face == "white", hatch) for face, hatch in FILLS.values()}) == len(FILLS)


def test_there_is_no_picture_of_nothing():
    with pytest.raises(ValueError, match="achievement"):
        png("achievement", hand_made("annual", 2025, rows_of_each=0))


def test_the_text_at_a_bar_stays_within_the_picture():
    row = {"verdict": "undecided", "verdict_vi": "Chưa đủ số liệu để kết luận", "achieved_pct": Decimal("101.2")}
    content = with_rows(ANNUAL, "targets", [row])
    picture = Image.open(io.BytesIO(png("achievement", content))).convert("L")
    right = picture.crop((picture.width - 6, 0, picture.width, picture.height))
    assert right.getextrema()[0] > 200  # nothing is drawn there
