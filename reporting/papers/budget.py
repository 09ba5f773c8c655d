"""The draft of next year's budget estimate (plan VI.1): what is known of the years before, carried forward by source of
funds and by activity, and dots for what is not known."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from reporting.content.budget import Budget, sections_of_activities
from reporting.content.keys import FigureKey
from reporting.content.recipients import Recipient
from reporting.content.tables import Column
from reporting.papers.blocks import Annex, Block, Figure, Grid, Heading, Outline, OwnWords, Paragraph, Text
from reporting.papers.sentences import sentence, words
from warehouse.reference.dates_vi import day_vi
from warehouse.reference.numbers_vi import counted_vi, number_vi

PLANNED, ALLOCATED, DISBURSED = MEASURES = ("planned", "allocated", "disbursed")
TOTAL = "total"
Line = tuple[dict[str, Text], bool]  # the cells of a row, and whether it is a title or a total
Carried = tuple[Decimal, int] | None  # an amount, and the year that it is from


def budget_outline(budget: Budget, recipient: Recipient) -> Outline:
    """The draft for the departments of a day. The reasons are the Union's to write."""
    year = budget.year
    blocks: list[Block] = [
        Paragraph(sentence("budget_opening", opening=recipient.opening_vi, year=year)),
        Heading(words("budget_years_title")),
        *(Paragraph(_year(budget, each), "item") for each in _years(budget)),
        *(Paragraph(_sent(row), "item") for row in budget.sent),
        Heading(words("budget_estimate_title", year=year)),
        *_estimated(budget),
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
    """The sources that have an amount in one of the years before, and none in `year`."""
    given = [row for row in budget.money if row["breakdown"] != TOTAL and row["value"] is not None]
    years = {
        name: {row["report_year"] for row in rows}
        for name, rows in _grouped(given, lambda row: row["breakdown_code_name_vi"]).items()
    }
    return [name for name, found in years.items() if year not in found]


def _total(budget: Budget) -> str:
    """The name of the line of totals, with the sources that are not in them."""
    known = {row["report_year"] for row in budget.money if row["breakdown"] == TOTAL and row["value"] is not None}
    without = {year: ", ".join(_sources_without(budget, year)) for year in _years(budget) if year in known}
    sources = [words("budget_source_missing", names=names, year=year) for year, names in without.items() if names]
    return words("budget_total_missing", sources="; ".join(sources)) if sources else words("budget_total")


def _years(budget: Budget) -> tuple[int, int]:
    """The years that are shown beside the estimate."""
    return budget.year - 2, budget.year - 1


def _carried_from(carried: dict[str, Carried]) -> str:
    """The years that the amounts are from, the last one first, where there are several with their sources."""
    by_year: dict[int, list[str]] = {}
    for name, each in carried.items():
        if each:
            by_year.setdefault(each[1], []).append(name)
    if len(by_year) == 1:
        return words("budget_carried_from_all", year=next(iter(by_year)))
    return "; ".join(
        words("budget_carried_from", year=year, names=", ".join(by_year[year]))
        for year in sorted(by_year, reverse=True)
    )


def _sent(row: dict) -> Text:
    amount, day = row["estimate_amount_million_vnd"], row["estimate_sent_on"]
    return sentence(
        "budget_sent",
        year=row["estimate_year"],
        amount=_dots() if amount is None else _money(amount),
        on=_dots() if day is None else day_vi(day),
        to=row["addressee_vi"] or _dots(),
    )


def _estimated(budget: Budget) -> Iterator[Paragraph]:
    """What the estimate is in all, on what it rests, and which sections of the plan have no cost to rest on."""
    carried = {name: _carried_of_source(rows) for name, rows in _sources(budget).items()}
    total = _sum(budget, carried.values())
    if total is None:
        yield Paragraph(sentence("budget_unknown", year=budget.year))
    else:
        unknown = [name for name, amount in carried.items() if amount is None]
        missing = sentence("annual_sources_missing", names=", ".join(unknown)) if unknown else ()
        said = sentence("budget_estimated", amount=_money(total[0]), missing=missing, years=_carried_from(carried))
        yield Paragraph(said)
    costs = _costs_by_section(budget)
    without = [
        words("budget_section_short", section=row["section"], duties=counted_vi(row["duties"]))
        for row in budget.duties
        if row["section"] not in costs
    ]
    if without:
        yield Paragraph(sentence("budget_without_cost", sections="; ".join(without)))


def _table(budget: Budget) -> Grid:
    """Part A by source, part B by section of the plan and activity; the last column carries both forward."""
    years = _years(budget)
    columns = [Column("content", words("budget_column_content"), "text")]
    for year in years:
        columns += [Column(f"{code}_{year}", words(f"budget_column_{code}", year=year), "money") for code in MEASURES]
    columns.append(Column("estimate", words("budget_column_estimate", year=budget.year), "money"))
    lines = [*_source_lines(budget), *_section_lines(budget)]
    rows = tuple(row for row, _ in lines)
    bold = frozenset(number for number, (_, is_bold) in enumerate(lines) if is_bold)
    weights = (44.0, *(10.0 for _ in columns[1:-1]), 11.0)
    note = words("budget_note", year=budget.year)
    return Grid(words("budget_caption"), tuple(columns), rows, weights, note, bold)


def _source_lines(budget: Budget) -> Iterator[Line]:
    yield {"content": sentence("budget_part_sources")}, True
    unknown: dict[str, Text] = {f"{code}_{year}": (_dots(),) for year in _years(budget) for code in MEASURES}
    every = []
    for name, of_source in _sources(budget).items():
        carried = _carried_of_source(of_source)
        every.append(carried)
        yield _line(budget, name, {**unknown, **_amounts(of_source)}, carried), False
    totals = [row for row in budget.money if row["breakdown"] == TOTAL]
    yield _line(budget, _total(budget), {**unknown, **_amounts(totals)}, _sum(budget, every)), True


def _section_lines(budget: Budget) -> Iterator[Line]:
    """Each section of the plan with its duties, and below it the activities that carry it out."""
    yield {"content": sentence("budget_part_sections")}, True
    by_section = _costs_by_section(budget)
    titles = {
        row["section"]: words("budget_section", **{**row, "duties": counted_vi(row["duties"])}) for row in budget.duties
    }
    others = {"": words("budget_other_activities")} if "" in by_section else {}
    for section, title in (titles | others).items():
        activities = _grouped(by_section.get(section, ()), lambda row: row["activity_name_vi"])
        carried = [_carried(rows, "cost_million_vnd") for rows in activities.values()]
        yield _line(budget, title, _spent(by_section.get(section, ())), _sum(budget, carried)), bool(activities)
        for (name, rows), amount in zip(activities.items(), carried, strict=True):
            yield _line(budget, _activity(name, rows, amount), _spent(rows), amount), False
    # units report costs of some activities: their sum is not what the sources give
    yield {"content": (words("budget_total"),), **_spent(budget.costs)}, True


def _activity(name: str, rows: Iterable[dict], carried: Carried) -> str:
    """An activity; with how many of its actions have a cost in the year whose cost is carried forward, if not all."""
    for row in rows:
        if carried and row["report_year"] == carried[1] and row["with_cost"] < row["activities"]:
            with_cost, activities = row["with_cost"], row["activities"]
            return words("budget_activity_partly", name=name, with_cost=with_cost, activities=activities)
    return words("budget_activity", name=name)


def _sources(budget: Budget) -> dict[str, list[dict]]:
    of_sources = (row for row in budget.money if row["breakdown"] != TOTAL)
    return _grouped(of_sources, lambda row: row["breakdown_code_name_vi"])


def _costs_by_section(budget: Budget) -> dict[str, list[dict]]:
    """The activities by the section of the plan that they carry out; "" where nobody has said which."""
    known = {row["section"] for row in budget.duties}

    def section(row: dict) -> str:
        found = sections_of_activities().get((row["activity_list"], row["activity"]), "")
        return found if found in known else ""

    return _grouped((row for row in budget.costs if row["cost_million_vnd"] is not None), section)


def _carried_of_source(rows: list[dict]) -> Carried:
    """What was allocated in the last year that has an amount, else what was planned."""
    for measure in (ALLOCATED, PLANNED):
        if carried := _carried([row for row in rows if row["measure_code"] == measure], "value"):
            return carried
    return None


def _carried(rows: Iterable[dict], column: str) -> Carried:
    """The amount of the last year that has one."""
    known = [(row["report_year"], row[column]) for row in rows if row[column] is not None]
    return max(known)[::-1] if known else None


def _sum(budget: Budget, carried: Iterable[Carried]) -> Carried:
    known = [value for value, _ in filter(None, carried)]
    return (sum(known, Decimal()), budget.year - 1) if known else None


def _spent(costs: Iterable[dict]) -> dict[str, Text]:
    """The costs of activities, year by year."""
    by_year = _grouped((row for row in costs if row["cost_million_vnd"] is not None), lambda row: row["report_year"])
    return {
        f"{DISBURSED}_{year}": (_money(sum((row["cost_million_vnd"] for row in rows), Decimal())),)
        for year, rows in by_year.items()
    }


def _line(budget: Budget, content: str, cells: dict[str, Text], carried: Carried) -> dict[str, Text]:
    """A row; where its estimate is not from the year before, it says from which."""
    if carried is None:
        return {"content": (content,), **cells, "estimate": (_dots(),)}
    amount, year = carried
    said = content if year == budget.year - 1 else words("budget_as_in", content=content, year=year)
    return {"content": (said,), **cells, "estimate": (_money(amount),)}


def _amounts(rows: list[dict]) -> dict[str, Text]:
    return {f"{row['measure_code']}_{row['report_year']}": (_amount(row),) for row in rows}


def _grouped(rows: Iterable[dict], by: Callable[[dict], Any]) -> dict[Any, list[dict]]:
    groups: dict[Any, list[dict]] = {}
    for row in rows:
        groups.setdefault(by(row), []).append(row)
    return groups


def _amount(row: dict) -> Figure | str:
    if row["value"] is None:
        return _dots()
    key = FigureKey(
        row["indicator_code"], row["measure_code"], row["report_year"],
        breakdown=row["breakdown"], breakdown_code=row["breakdown_code"],
    )  # fmt: skip
    return Figure(_money(row["value"]), str(key))


def _money(value: Decimal) -> str:
    """In million VND, each amount with one decimal."""
    return number_vi(value, 1)


def _dots() -> str:
    return words("budget_dots")
