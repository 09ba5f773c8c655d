"""Numbers as offices type them: with dots for thousands, words behind them, marks for nothing, another unit."""

from tests.dirt.dirty_workbook import DirtyWorkbook
from tests.dirt.truth import FOUND, READ, Dirt, canonical

COUNTS = {
    "01_HTX": ("members", "women_members", "workers", "women_workers", "women_in_cooperative", "women_stable_jobs"),
    "02_THT": ("members", "women_members", "workers", "women_workers", "women_stable_jobs"),
    "04_DAO_TAO": ("attendances", "people", "women"),
    "08_HOAT_DONG": ("people",),
}
"""counts of persons: the word for them may stand behind"""
AMOUNTS = {
    "01_HTX": ("charter_capital", "revenue", "profit"),
    "03_HO_TRO": ("cost",),
    "04_DAO_TAO": ("cost",),
    "06_NO": ("outstanding", "settled_in_year"),
    "07_KINH_PHI": ("planned", "allocated", "disbursed"),
}
ALONE_AMOUNTS = {"01_HTX": ("charter_capital", "revenue"), "07_KINH_PHI": ("planned",)}
"""amounts that no rule compares with another cell, so that a wrong one is flagged alone"""
ALONE_COUNTS = {
    "01_HTX": ("women_stable_jobs", "women_new_jobs"),
    "02_THT": ("members", "women_stable_jobs"),
    "04_DAO_TAO": ("attendances",),
}
"""the same of counts that every row must give"""
OPTIONAL = {
    "01_HTX": ("women_staff_insured", "charter_capital", "profit", "revenue"),
    "08_HOAT_DONG": ("events", "people"),
}
YES_OR_NO = {
    "01_HTX": ("value_chain", "high_technology", "digital_transformation", "traceability", "registered_label"),
    "02_THT": ("union_supported_founding", "woman_leads"),
}


def number_text(book: DirtyWorkbook) -> list[Dirt]:
    """Counts and amounts typed as text: 1.234, 2 786, 45 người, 1.234,5."""
    found = []
    for sheet, place, field, value in book.cells(COUNTS | {"07_KINH_PHI": AMOUNTS["07_KINH_PHI"]}):
        if not value:
            continue
        if isinstance(value, int) and sheet != "07_KINH_PHI":
            forms = [dotted(value), spaced(value), f"{dotted(value)} người", f" {value} ", f"{value},0",
                     spaced(value).replace(" ", "\u00a0")]  # fmt: skip
        elif value != int(value):
            forms = [dotted(value), spaced(value)]
        else:
            forms = [spaced(value)]
        written = book.rng.choice(forms)
        book.type_text(sheet, place, field, written)
        found.append(book.said(READ, sheet, place, field, written, canonical(value)))
        if len(found) == 3:
            break
    return found


def percent_forms(book: DirtyWorkbook) -> list[Dirt]:
    """Percentages as 85,5%, as 0,855 shown as 85,5%, and as 0,855 that could be under one percent."""
    sheet, field, found = "10_TONG_HOP", "declared_value", []
    percents = [
        (place, row)
        for place, row in book.rows(sheet)
        if book.seeds.indicators[row["indicator_code"]].unit == "percent" and row[field] >= 1
    ]
    for (place, row), form in zip(percents, book.rng.sample(range(3), 3), strict=False):
        value = row[field]
        if form == 0:
            written = f"{comma(value)}%"
            book.type_text(sheet, place, field, written)
        else:
            written = round(float(value) / 100, 6)
            book.put(sheet, place, field, written, "0.0%" if form == 1 else "General")
        if form == 2:
            found.append(book.said(FOUND, sheet, place, field, written, None, "V03"))
        else:
            found.append(book.said(READ, sheet, place, field, written, canonical(value)))
    return found


def ambiguous_separator(book: DirtyWorkbook) -> list[Dirt]:
    """1,234 where an English program puts thousands and a Vietnamese hand decimals."""
    for sheet, place, field, value in book.cells(ALONE_AMOUNTS):
        if value and 1000 <= value < 999_999:
            written = f"{round(value):,}"
            book.type_text(sheet, place, field, written)
            return [book.said(FOUND, sheet, place, field, written, None, "V03")]
    return []


def blank_marks(book: DirtyWorkbook) -> list[Dirt]:
    """-, —, N/A for nothing; x, không, K, chưa có where a number, a yes or no, or a code stands."""
    found = []
    mark = book.rng.choice(("-", "—", "N/A", "…", "–"))
    for sheet, place, field, _ in book.cells(OPTIONAL):
        book.type_text(sheet, place, field, mark)
        found.append(book.said(READ, sheet, place, field, mark, ""))
        break
    for sheet, place, field, _ in book.cells(ALONE_COUNTS):
        word = book.rng.choice(("x", "không", "K", "chưa có", mark))
        book.type_text(sheet, place, field, word)
        rule = "V01" if word == mark else "V02"
        found.append(book.said(FOUND, sheet, place, field, word, None, rule))
        break
    for sheet, place, field, value in book.cells(YES_OR_NO):
        if value is None:
            continue
        word = book.rng.choice(("x", "v", "1", "có") if value else ("không", "chưa có", "0", "chưa"))
        book.type_text(sheet, place, field, word)
        if word in ("có", "không"):
            found.append(book.said(READ, sheet, place, field, word, canonical(value)))
        else:
            found.append(book.said(FOUND, sheet, place, field, word, canonical(value), "V03"))
        break
    for sheet, place, field, value in book.cells({"02_THT": ("became_cooperative",)}):
        if value is None:
            word = book.rng.choice(("chưa có", "Không", "chưa"))
            book.type_text(sheet, place, field, word)
            found.append(book.said(READ, sheet, place, field, word, ""))
            break
    return found


def money_unit(book: DirtyWorkbook) -> list[Dirt]:
    """Amounts that name their own unit where the form says million đồng: đồng, nghìn, tỷ."""
    found = []
    for sheet, place, field, value in book.cells(AMOUNTS):
        if not value or value < 10:
            continue
        dong, thousand = round(value * 1_000_000), round(value * 1_000)
        billions = round(value / 1_000, 7)
        forms = [f"{dotted(dong)} đồng", f"{dotted(dong)}đ", f"{thousand} nghìn đồng"]
        # With three digits behind the comma, thousands could be meant too.
        if len(comma(billions).partition(",")[2]) != 3:
            forms.append(f"{comma(billions)} tỷ")
        written = book.rng.choice(forms)
        book.type_text(sheet, place, field, written)
        found.append(book.said(READ, sheet, place, field, written, canonical(value)))
        if len(found) == 2:
            break
    return found


def money_header(book: DirtyWorkbook) -> list[Dirt]:
    """A column whose header says nghìn đồng, with its figures in thousands."""
    sheet, field = "01_HTX", "revenue"
    places = sorted(place for each, place, _, value in book.cells({sheet: (field,)}) if each == sheet and value)
    if not places or len(places) != len(book.report.sheets.get(sheet, ())) or not book.take("header", sheet, field):
        return []
    column = book.sheets[sheet].cell(2, book.columns[sheet][field])
    if column.value != "Doanh thu trong năm":  # a second row of headers stands there
        return []
    column.value = "Doanh thu trong năm (nghìn đồng)"
    found = []
    for place in places:
        value = book.report.sheets[sheet][place][field]
        book.put(sheet, place, field, round(value * 1000))
        found.append(book.said(FOUND, sheet, place, field, round(value * 1000), canonical(value), "V03"))
    return found


def cumulative_figure(book: DirtyWorkbook) -> list[Dirt]:
    """All new jobs since the founding in the column of this year's: more than women work there."""
    for sheet, place, field, value in book.cells({"01_HTX": ("women_new_jobs",)}):
        row = book.report.sheets[sheet][place]
        if ("cell", sheet, place, "women_workers") not in book.taken:
            book.take("cell", sheet, place, "women_workers")
            written = row["women_workers"] + max(1, value or 0)
            book.put(sheet, place, field, written, "0")
            return [book.said(FOUND, sheet, place, field, written, str(written), "H07")]
    return []


def dotted(value: float) -> str:
    """1.234,5"""
    whole, _, part = f"{value:,}".partition(".")
    return whole.replace(",", ".") + (f",{part}" if part.strip("0") else "")


def spaced(value: float) -> str:
    """2 786"""
    return dotted(value).replace(".", " ")


def comma(value: float) -> str:
    """85,5"""
    return canonical(value).replace(".", ",")
