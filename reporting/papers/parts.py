"""What the figures of a paper are made of: the page opens each figure to its parts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reporting.content import formats
from reporting.content.keys import parse_key
from reporting.content.tables import Content
from reporting.papers.blocks import Figure, Grid, Outline, Paragraph
from reporting.papers.sentences import words
from warehouse.reference.numbers_vi import number_vi


@dataclass(frozen=True)
class Parts:
    """`lines`: label and text, from the value to how it is worked out."""

    key: str
    title_vi: str
    lines: tuple[tuple[str, str], ...]


def figures_of(outline: Outline) -> Iterator[Figure]:
    """All figures with a key, in the order of the paper."""
    for block in outline.every_block():
        if isinstance(block, Paragraph):
            texts = [block.text]
        elif isinstance(block, Grid):
            texts = [text for row in block.rows for text in row.values()]
        else:
            continue
        yield from (piece for text in texts for piece in text if isinstance(piece, Figure) and piece.key)


def parts_of(content: Content, keys: Iterable[str]) -> list[Parts]:
    """The parts of the figures of these keys, each once, as the tables of the document give them."""
    rows = dict(_keyed_rows(content))
    meanings = {(row["indicator_code"], row["measure_code"]): row for row in content.tables["definitions"].rows}
    return [_parts(content, key, *rows.get(key, ({}, "value")), meanings) for key in dict.fromkeys(keys)]


def _keyed_rows(content: Content) -> Iterator[tuple[str, tuple[dict, str]]]:
    """Each key with the row and the column of its figure; the table that says most of it comes last."""
    for table in reversed(content.tables.values()):
        for row in table.rows:
            for column in [name.removesuffix("_key") for name in row if name.endswith("_key")]:
                if row[f"{column}_key"]:
                    yield row[f"{column}_key"], (row, column)
            if row.get("key") and "value" in row:
                yield row["key"], (row, "value")


def _parts(content: Content, key: str, row: dict, column: str, meanings: dict[tuple[str, str], dict]) -> Parts:
    of = parse_key(key)
    meaning = meanings.get((of.indicator_code, of.measure_code), {})
    name = meaning.get("name_vi") or row.get("indicator_name_vi") or row.get("name_vi") or of.indicator_code
    group = row.get("breakdown_code_name_vi")
    where = row.get("unit_name_vi") if column != "value" else None
    named = {
        "name": "; ".join(filter(None, [name, group, where])),
        "year": f"{of.first_year}–{of.report_year}" if of.first_year else of.report_year,
    }
    said = {
        "value": _value(content, row, column, meaning),
        "made_of": _made_of(row, column),
        "coverage": row.get("coverage_vi"),
        "status": row.get("value_status_vi"),
        "bounds": _bounds(content, row),
        "definition": meaning.get("definition_vi"),
        "key": key,
    }
    lines = tuple((words(f"page_part_{code}"), text) for code, text in said.items() if text)
    return Parts(key, words("page_part_title", **named), lines)


def _value(content: Content, row: dict, column: str, meaning: dict) -> str | None:
    if column not in row:
        return None
    unit = row.get(f"{column}_unit", row.get("unit"))
    status = row.get(f"{column}_status", row.get("value_status"))
    text = formats.figure(row[column], unit, status, content.percent_decimals)
    unit_vi = row.get("unit_vi") or meaning.get("unit_vi")
    is_counted = row[column] is not None and unit not in (formats.PERCENT, formats.WHETHER)
    return f"{text} {unit_vi}" if is_counted and unit_vi else text


def _made_of(row: dict, column: str) -> str | None:
    over, under = row.get(f"{column}_numerator"), row.get(f"{column}_denominator")
    return f"{number_vi(over or 0)}/{number_vi(under)}" if under is not None else None


def _bounds(content: Content, row: dict) -> str | None:
    if row.get("bound_kind") in (None, "exact") or row.get("value_low") is None or row.get("value_high") is None:
        return None
    low, high = (
        formats.figure(row[name], row["unit"], None, content.percent_decimals) for name in ("value_low", "value_high")
    )
    return words("page_part_from_to", low=low, high=high, kind=row["bound_kind_vi"])
