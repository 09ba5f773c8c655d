"""A paper as one HTML page that works without a network or a script: the same outline as in Word, drawn by page.html.

Styles and charts are inline. Each figure is a link that opens what it is made of; below the text stand further charts,
the tile maps and the tables of the document.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from reporting.content import formats
from reporting.content.recipients import Recipient
from reporting.content.tables import ANNUAL, PHASE_REVIEW, Column, Content, Table
from reporting.documents.about import About, TemplateBroken
from reporting.documents.charts import svg
from reporting.documents.template_files import template_folders
from reporting.documents.tiles import tile_maps
from reporting.documents.word import annex_names
from reporting.papers.blocks import Grid, Outline, Picture
from reporting.papers.parts import figures_of, parts_of
from reporting.papers.pictures import pictures
from reporting.papers.sentences import words
from warehouse.reference.dates_vi import instant_vi

TEMPLATE = "page.html"
# charts for which the paper has no room
FURTHER = {ANNUAL: ("achievement", "money_sources", "units"), PHASE_REVIEW: ("achievement",)}
IN_EXCEL_ALONE = ("duties", "duties_owed")  # each duty of each unit: a thousand rows
NUMBERS = ("figure", "goal", "change", "pace", "percent", "integer", "decimal", "money")


@dataclass(frozen=True)
class ShownTable:
    """A table of the document with its cells as texts."""

    title_vi: str
    note_vi: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


def write_page(outline: Outline, recipient: Recipient, about: About, content: Content | None = None) -> bytes:
    """The page, for one recipient, as UTF-8; the same bytes for the same arguments.

    `content`: what the pictures, the parts of the figures, the tile maps and the tables are drawn from; without it the
    page has none of them. Raises TemplateBroken."""
    further = [each for name in FURTHER[content.kind] for each in pictures(name, content)] if content else []
    shown = [*(block for block in outline.every_block() if isinstance(block, Picture)), *further]
    names = {
        "outline": outline,
        "annexes": list(zip(annex_names(outline), outline.annexes, strict=True)),
        "recipient": recipient,
        "letterhead": recipient.letterhead,
        "version": about.version,
        "published_at": instant_vi(about.published_at),
        "pictures": {each.name: Markup(svg(each.name, content)) for each in shown if content},
        "further": further,
        "parts": parts_of(content, [each.key or "" for each in figures_of(outline)]) if content else [],
        "tile_maps": tile_maps(content) if content else [],
        "tables": _tables(content) if content else [],
        "say": words,
    }
    jinja = Environment(
        loader=FileSystemLoader(template_folders()), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    jinja.tests["a"] = lambda block, name: type(block).__name__ == name
    jinja.filters.update(place=_place, widths=_widths)
    try:
        return jinja.get_template(TEMPLATE).render(names).encode()
    except (TemplateError, KeyError) as error:
        raise TemplateBroken(f"{TEMPLATE}: {error}") from error


def _place(column: Column, table: Grid | ShownTable) -> str:
    """How a cell is set: a number, or on a phone the title of its row, which is the text of the widest column."""
    texts = [each for each in table.columns if each.kind == "text"]
    if texts and column is max(texts, key=lambda each: each.width):
        return "title"
    return "number" if column.kind in NUMBERS else column.kind


def _widths(grid: Grid) -> list[float]:
    """Of its columns, in percent."""
    weights = grid.weights or tuple(column.width for column in grid.columns)
    return [round(100 * weight / sum(weights), 1) for weight in weights]


def _tables(content: Content) -> list[ShownTable]:
    tables = content.tables.values()
    return [_shown(table, content) for table in tables if table.rows and table.name not in IN_EXCEL_ALONE]


def _shown(table: Table, content: Content) -> ShownTable:
    columns = table.columns_shown()
    rows = [[formats.cell(column, row, content.percent_decimals) for column in columns] for row in table.rows]
    return ShownTable(table.title_vi, table.note_vi, columns, rows)
