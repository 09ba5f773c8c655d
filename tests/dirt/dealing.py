"""Dirt of real workbooks, put into a part of the example's clean ones, with the expected outcome of each piece.

`CLASSES` names every class of dirt and says what it is. `book` is a clean workbook that takes dirt and knows where its
cells moved; `figures`, `days`, `letters`, `names`, `layout` and `overlooked` change cells, rows and sheets; `files`
spoils whole files. The expected outcomes (`truth`) share no code with the readers under test.
"""

from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from random import Random

from htx.example.reports.deliberate_findings import DeliberateFinding
from htx.example.reports.report import FIRST_DATA_ROW, Report
from htx.example.seeds import Seeds
from tests.dirt import days, figures, files, layout, letters, names, overlooked
from tests.dirt.dirty_workbook import DirtyWorkbook
from tests.dirt.truth import Dirt

CLASSES_PER_FILE = 8
ONE_FILE_IN = 3
"""of the dirtied files one in so many is spoiled as a whole"""
SPOILS_THE_FILE = {
    each.__name__: each
    for each in (
        files.list_of_persons, files.html_as_xls, files.truncated, files.not_a_workbook, files.password,
        files.hostile, files.another_form, files.column_deleted,
    )
}  # fmt: skip
# What moves rows and columns comes first: the place of other dirt is recorded when it is added.
SHAPES = {
    each.__name__: each
    for each in (
        layout.two_row_header, layout.retyped_headers, layout.column_numbers, layout.numbered_rows, layout.dashed_rows,
        layout.copied_sheet, layout.inserted_column, layout.note_rows, layout.code_row_deleted, layout.blank_rows,
        layout.total_row, layout.subtotals, layout.wrong_total, layout.renamed_sheets,
        overlooked.harmless_looks,
    )
}  # fmt: skip
MARKS = {
    each.__name__: each
    for each in (
        figures.number_text, figures.percent_forms, figures.ambiguous_separator, figures.blank_marks,
        figures.money_unit, figures.money_header, figures.cumulative_figure,
        days.date_text, days.calendar_1904, days.day_month_swapped, days.momentary,
        days.american_date, days.cover_as_text, letters.label_otherwise, letters.label_in_old_letters,
        names.registration_as_number, overlooked.formula_with_value,
        letters.decomposed, letters.tone_placement, letters.look_alike, letters.blanks, letters.full_width,
        letters.tcvn3, letters.vni, letters.without_font, letters.lost_u_horn, letters.mojibake,
        names.unit_alias, names.unknown_unit, names.code_used_again,
        names.registration_lost_zeros, names.registration_rounded, names.registration_check_digit,
        layout.merged_codes, layout.merged_figures, layout.same_twice,
        overlooked.hidden_row, overlooked.hidden_column, overlooked.hidden_sheet, overlooked.filter_left_on,
        overlooked.colour_as_data, overlooked.comment_as_data, overlooked.formula_without_value,
        overlooked.formula_error, overlooked.external_link,
    )
}  # fmt: skip
YEAR_CHANGED, LAST_YEAR, RUNNING_TOTAL = "year_changed", "figures_of_last_year", "running_total"
AT_EACH_BUILD = (LAST_YEAR, RUNNING_TOTAL)
"""classes that no single file shows: a build raises their queries, by comparison with other files"""
LISTED_ENOUGH = 4
"""organisations below which so few figures are compared with last year's that nobody asks"""
FROM_LAST_YEAR = {
    YEAR_CHANGED: files.year_changed,
    LAST_YEAR: files.figures_of_last_year,
    RUNNING_TOTAL: files.running_total,
}
CLASSES = {
    name: (maker.__doc__ or "").strip()
    for name, maker in {**SHAPES, **MARKS, **SPOILS_THE_FILE, **FROM_LAST_YEAR}.items()
}
"""name of a class of dirt -> what it is"""


@dataclass(frozen=True)
class Dirtied:
    """The dirty files and their expected outcomes."""

    contents: dict[str, bytes]
    """path of a report -> the bytes that arrive instead of the clean ones"""
    truth: list[Dirt]
    moved: dict[str, dict[tuple[str, int], tuple[int, dict[str, str]]]]
    """path -> (sheet, row number in the clean file) -> row number and field's column letters in the dirtied one"""
    rejected: frozenset[str]
    """paths of the files that go back to their senders"""

    def standing(self, findings: Sequence[DeliberateFinding]) -> list[DeliberateFinding]:
        """The findings on the clean files that are still to be made, at the cells to which the flagged values moved."""
        unreadable = {(dirt.path, dirt.sheet_code, dirt.cell) for dirt in self.truth if dirt.value is None}
        found = []
        for each in findings:
            if each.path in self.contents and each.path not in self.moved:
                continue  # nobody reads the file
            number, letters = self.moved.get(each.path, {}).get((each.sheet_code, each.row_number), (None, {}))
            if number is not None:
                each = replace(each, row_number=number, cell=f"{letters[each.field_code]}{number}")
            if (each.path, each.sheet_code, each.cell) not in unreadable:
                found.append(each)
        return found


def add_dirt(
    seeds: Seeds,
    seed: int,
    reports: Sequence[Report],
    workbook_of: Callable[[Report], bytes],
    classes: Collection[str],
    rate: float,
) -> Dirtied:
    """Put dirt of these classes into a part of the reports; the same arguments give the same bytes.

    The classes are dealt out one after the other, so that each comes as often as the others where files offer a
    place for it. KeyError if a class does not exist.
    """
    unknown = sorted(set(classes) - set(CLASSES))
    if unknown:
        raise KeyError(f"no class of dirt is called {', '.join(unknown)}")
    dealer = _Dealer(seeds, seed, reports, workbook_of, [name for name in CLASSES if name in set(classes)])
    clean = [report for report in reports if report.accepted]
    rng = Random(f"{seed}/dirt")
    chosen = rng.sample(clean, round(rate * len(clean))) if classes else []
    for report in chosen:
        dealer.deal(report)
    order = {report.path: place for place, report in enumerate(reports)}
    truth = sorted(dealer.truth, key=lambda dirt: order[dirt.path])
    errors = {code for code, severity in seeds.rule_severities.items() if severity == "error"}
    rejected = {dirt.path for dirt in truth if errors & {code for each in dirt.rules for code in each.split("|")}}
    return Dirtied(dealer.contents, truth, dealer.moved, frozenset(rejected))


class _Dealer:
    """Deals classes of dirt out to files, those first that were longest not dealt."""

    def __init__(
        self,
        seeds: Seeds,
        seed: int,
        reports: Sequence[Report],
        workbook_of: Callable[[Report], bytes],
        classes: list[str],
    ) -> None:
        self.seeds, self.seed, self.reports, self.workbook_of = seeds, seed, reports, workbook_of
        # Few files are spoiled as a whole: seed after seed goes on where the last one ended.
        spoiling = deque(name for name in classes if name in SPOILS_THE_FILE)
        spoiling.rotate(-seed * len(spoiling) // ONE_FILE_IN)
        self.spoiling = deque([*(name for name in classes if name in FROM_LAST_YEAR), *spoiling])
        others = [name for name in classes if name not in self.spoiling]
        self.others = deque(Random(f"{seed}/classes of dirt").sample(others, len(others)))
        self.dealt = 0
        self.contents: dict[str, bytes] = {}
        self.truth: list[Dirt] = []
        self.moved: dict[str, dict] = {}
        self.relied_on: set[str] = set()
        """paths of files that another is compared with, and that stay clean for it"""

    def deal(self, report: Report) -> None:
        if report.path in self.relied_on:
            return
        self.dealt += 1
        rng = Random(f"{self.seed}/dirt/{report.path}")
        spoils = self.spoiling and (self.dealt % ONE_FILE_IN == 0 or not self.others)
        if not (spoils and self._spoil(report, rng)):
            self._mark(report, rng)

    def _spoil(self, report: Report, rng: Random) -> bool:
        for name in list(self.spoiling):
            if name in FROM_LAST_YEAR:
                before = self._year_before(report)
                made = before and self._from_last_year(name, before, report, rng)
                if made is None:
                    continue
                content, said = made
            else:
                content, said = SPOILS_THE_FILE[name](DirtyWorkbook(self.seeds, report, self.workbook_of(report), rng))
            self.spoiling.remove(name)
            self.spoiling.append(name)
            self.contents[report.path] = content
            self.truth += [each.of(name, report.path) for each in said]
            if name in AT_EACH_BUILD:
                self.relied_on.add(before.path)
            return True
        return False

    def _mark(self, report: Report, rng: Random) -> None:
        book = DirtyWorkbook(self.seeds, report, self.workbook_of(report), rng)
        found: list[Dirt] = []
        tried = sorted(list(self.others)[: 3 * CLASSES_PER_FILE], key=lambda name: name not in SHAPES)
        dealt = []
        for name in tried:
            if len(dealt) == CLASSES_PER_FILE:
                break
            said = {**SHAPES, **MARKS}[name](book)
            if said:
                dealt.append(name)
                found += [each.of(name, report.path) for each in said]
        for name in dealt:
            self.others.remove(name)
            self.others.append(name)
        if found:
            self.contents[report.path] = book.content()
            self.truth += found
            self.moved[report.path] = _moved(book)

    def _from_last_year(
        self, name: str, before: Report, report: Report, rng: Random
    ) -> tuple[bytes, list[Dirt]] | None:
        """None where the two reports give no place for it."""
        if name == YEAR_CHANGED:
            book = DirtyWorkbook(self.seeds, before, self.workbook_of(before), rng)
            return files.year_changed(before, book, report.report_year)
        if not report.report_kind == "annual" == before.report_kind or before.path in self.contents:
            return None
        if name == RUNNING_TOTAL:
            return files.running_total(before, DirtyWorkbook(self.seeds, report, self.workbook_of(report), rng))
        if not _can_repeat(before):
            return None
        repeated, said = files.figures_of_last_year(before, report)
        return self.workbook_of(repeated), said

    def _year_before(self, report: Report) -> Report | None:
        """The unit's first report of the year before, on whose cover the year could be changed."""
        if report.submission_kind == "partial_correction":
            return None
        for each in self.reports:
            if (each.unit_code, each.report_year) == (report.unit_code, report.report_year - 1) and each.accepted:
                return each
        return None


def _can_repeat(before: Report) -> bool:
    """Whether last year's lists are long enough to be noticed."""
    return sum(len(before.sheets.get(sheet, ())) for sheet in ("01_HTX", "02_THT")) >= LISTED_ENOUGH


def _moved(book: DirtyWorkbook) -> dict[tuple[str, int], tuple[int, dict[str, str]]]:
    return {
        (sheet, FIRST_DATA_ROW + place): (number, {field: book.letter(sheet, field) for field in book.columns[sheet]})
        for sheet, numbers in book.row_numbers.items()
        for place, number in enumerate(numbers)
    }
