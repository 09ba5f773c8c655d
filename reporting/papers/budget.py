"""The draft of next year's budget estimate (plan VI.1): what is known of the years before, and dots for what is not."""

from decimal import Decimal

from reporting.content.budget import Budget
from reporting.content.keys import FigureKey
from reporting.content.recipients import Recipient
from reporting.content.tables import Column
from reporting.papers.blocks import Annex, Block, Figure, Grid, Heading, Outline, OwnWords, Paragraph, Text
from reporting.papers.sentences import sentence, words
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.numbers_vi import counted_vi, number_vi

ALLOCATED, DISBURSED = "allocated", "disbursed"
MEASURES = ("planned", ALLOCATED, DISBURSED)
TOTAL = "total"


def budget_outline(budget: Budget, recipient: Recipient) -> Outline:
    """The draft for the departments of a day. The reasons and the amounts asked for are the Union's to write."""
    year = budget.year
    blocks: list[Block] = [
        Paragraph(sentence("budget_opening", opening=recipient.opening_vi, year=year)),
        Heading(words("budget_years_title")),
        *(Paragraph(_year(budget, each), "item") for each in (year - 2, year - 1)),
        *(Paragraph(_sent(row), "item") for row in budget.sent),
        Heading(words("budget_estimate_title", year=year)),
        Paragraph(sentence("budget_see_annex", year=year)),
        Heading(words("budget_reasons_title")),
        OwnWords("budget_reasons", words("budget_reasons")),
    ]
    closing = words("budget_closing")
    annex = Annex(words("budget_annex_title", year=year), (_table(budget),), landscape=True)
    subject, kind = words("budget_subject", year=year), recipient.letterhead.document_type_vi
    return Outline("budget", kind, subject, tuple(blocks), closing, (annex,))


def _year(budget: Budget, year: int) -> Text:
    """The money of a year; the rate of what was disbursed only where all who owe both amounts gave them."""
    totals = {
        row["measure_code"]: row for row in budget.money if row["breakdown"] == TOTAL and row["report_year"] == year
    }
    allocated, disbursed = totals.get(ALLOCATED), totals.get(DISBURSED)
    if not allocated or allocated["value"] is None or not disbursed or disbursed["value"] is None:
        return sentence("budget_year_unknown", year=year)
    without = _sources_without(budget, year)
    missing = sentence("annual_sources_missing", names=", ".join(without)) if without else ()
    said = {"year": year, "allocated": _amount(allocated), "disbursed": _amount(disbursed), "missing": missing}
    is_whole = all(row["units_reported"] == row["units_expected"] for row in (allocated, disbursed))
    if not is_whole or not allocated["value"]:
        return sentence("budget_year", **said)
    rate = number_vi(100 * disbursed["value"] / allocated["value"], 1, fixed=False)
    return sentence("budget_year_rate", **said, rate=rate)


def _sources_without(budget: Budget, year: int) -> list[str]:
    """The sources that have an amount in one of the two years, and none in `year`."""
    given = [row for row in budget.money if row["breakdown"] != TOTAL and row["value"] is not None]
    years = {
        name: {row["report_year"] for row in rows} for name, rows in _grouped(given, "breakdown_code_name_vi").items()
    }
    return [name for name, found in years.items() if year not in found]


def _total(budget: Budget) -> str:
    """The name of the line of totals, with the sources that are not in them."""
    totals = [row for row in budget.money if row["breakdown"] == TOTAL and row["value"] is not None]
    years = sorted({row["report_year"] for row in totals})
    without = {year: ", ".join(_sources_without(budget, year)) for year in years}
    sources = [words("budget_source_missing", names=names, year=year) for year, names in without.items() if names]
    return words("budget_total_missing", sources="; ".join(sources)) if sources else words("budget_total")


def _sent(row: dict) -> Text:
    amount, day = row["estimate_amount_million_vnd"], row["estimate_sent_on"]
    return sentence(
        "budget_sent",
        year=row["estimate_year"],
        amount=_dots() if amount is None else _money(amount),
        on=_dots() if day is None else day_vi(day),
        to=row["addressee_vi"] or _dots(),
    )


def _table(budget: Budget) -> Grid:
    """Part A by source, part B by activity, part C by section of the plan; the last column is to be filled in."""
    years = (budget.year - 2, budget.year - 1)
    columns = [Column("content", words("budget_column_content"), "text")]
    for year in years:
        columns += [Column(f"{code}_{year}", words(f"budget_column_{code}", year=year), "money") for code in MEASURES]
    columns.append(Column("estimate", words("budget_column_estimate", year=budget.year), "money"))
    by_source = _grouped([row for row in budget.money if row["breakdown"] != TOTAL], "breakdown_code_name_vi")
    total = _total(budget)
    unknown: dict[str, Text] = {f"{code}_{year}": (_dots(),) for year in years for code in MEASURES}
    no_cost: dict[str, Text] = {f"{DISBURSED}_{year}": (_dots(),) for year in years}
    rows: list[dict[str, Text]] = [
        {"content": sentence("budget_part_sources")},
        *(_line(name, {**unknown, **_amounts(of_source)}) for name, of_source in by_source.items()),
        _line(total, {**unknown, **_amounts([row for row in budget.money if row["breakdown"] == TOTAL])}),
        {"content": sentence("budget_part_activities")},
        *(
            _line(name, {**no_cost, **{f"{DISBURSED}_{row['report_year']}": (_cost(row),) for row in of_kind}})
            for name, of_kind in _grouped(budget.costs, "activity_name_vi").items()
        ),
        {"content": sentence("budget_part_sections")},
        *(_line(words("budget_section", **{**row, "duties": counted_vi(row["duties"])}), {}) for row in budget.duties),
    ]
    bold = frozenset(n for n, row in enumerate(rows) if "estimate" not in row or row["content"] == (total,))
    weights = (44.0, *(10.0 for _ in columns[1:-1]), 11.0)
    caption = words("budget_caption")
    return Grid(caption, tuple(columns), tuple(rows), weights, words("budget_note"), bold)


def _line(content: str, cells: dict[str, Text]) -> dict[str, Text]:
    return {"content": (content,), **cells, "estimate": (_dots(),)}


def _amounts(rows: list[dict]) -> dict[str, Text]:
    return {f"{row['measure_code']}_{row['report_year']}": (_amount(row),) for row in rows}


def _grouped(rows: list[dict], column: str) -> dict[str, list[dict]]:
    groups: dict[str, list[dict]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def _amount(row: dict) -> Figure | str:
    if row["value"] is None:
        return _dots()
    key = FigureKey(
        row["indicator_code"], row["measure_code"], row["report_year"],
        breakdown=row["breakdown"], breakdown_code=row["breakdown_code"],
    )  # fmt: skip
    return Figure(_money(row["value"]), str(key))


def _cost(row: dict) -> str:
    cost: Decimal | None = row["cost_million_vnd"]
    return _dots() if cost is None else _money(cost)


def _money(value: Decimal) -> str:
    """In million VND, each amount with one decimal."""
    return number_vi(value, 1)


def _dots() -> str:
    return words("budget_dots")
