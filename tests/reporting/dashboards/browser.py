"""Chromium on Superset's pages, driven by Playwright, which Superset's environment has: its Python runs this program.

    python browser.py FOLDER

reads {"url", "login", "password", "chromium"} from standard input and opens each tab of the dashboard. Then it answers
four questions as somebody new would: open a dataset, drag a metric and dimensions, press the button. Pictures are
written to FOLDER; standard output is

    {"charts": {title: text}, "answers": {question: rows of cells}, "offered": {tab of a new metric: may be used},
     "errors": [message], "left": [address outside of Superset that answered]}
"""

import json
import sys
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

LONGEST_MS = 60_000
SCREEN = {"width": 1440, "height": 1000}
WHOLE_TAB = {"width": 1440, "height": 3200}
"""so high that Superset draws all charts of a tab: it leaves out what is far from the screen"""
FAILED = ".ant-alert-error, [data-test='chart-error-message'], .chart-error, .missing-chart-container"
QUESTIONS = {
    "targets": ("annual_targets", ["Chỉ tiêu"], ["Số thực hiện", "Mức mục tiêu"], None),
    "trend": ("province_figures", ["Năm"], ["Số liệu"], "T03"),
    "ranking": ("unit_figures_communes_2025", ["Đơn vị"], ["Số liệu"], "T03"),
    "reported": ("reporting_status", ["Năm"], ["Tỷ lệ báo cáo đã nhận (%)"], None),
}
"""{question: (dataset, dimensions, metrics, the indicator that is filtered on)}; the year is forgotten"""
INDICATOR = "Mã chỉ tiêu"


def main(folder: Path) -> None:
    given = json.load(sys.stdin)
    with sync_playwright() as playwright:
        # as root Chromium starts without its sandbox only; it opens our own pages alone
        browser = playwright.chromium.launch(executable_path=given["chromium"], args=["--no-sandbox"])
        page = browser.new_page(viewport=WHOLE_TAB)
        page.set_default_timeout(LONGEST_MS)
        left: list[str] = []
        page.on("response", lambda answer: left.append(answer.url) if not _is_ours(answer.url, given["url"]) else None)
        _log_in(page, given)
        charts, errors = _dashboard(page, given["url"], folder)
        page.set_viewport_size(SCREEN)
        answers = {
            name: _answer(page, given["url"], folder / f"{name}.png", *asked) for name, asked in QUESTIONS.items()
        }
        offered = _offered(page)
        browser.close()
    found = {"charts": charts, "answers": answers, "offered": offered, "errors": errors, "left": left}
    json.dump(found, sys.stdout)


def _is_ours(address: str, url: str) -> bool:
    return address.startswith((url, "data:", "blob:"))


def _log_in(page: Page, given: dict[str, str]) -> None:
    page.goto(f"{given['url']}/login/")
    page.fill("#username", given["login"])
    page.fill("#password", given["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def _dashboard(page: Page, url: str, folder: Path) -> tuple[dict[str, str], list[str]]:
    charts: dict[str, str] = {}
    errors: list[str] = []
    page.goto(f"{url}/superset/dashboard/htx/")
    tabs = page.locator(".dashboard-component-tabs [role=tab]")
    tabs.first.wait_for()
    for number in range(tabs.count()):
        tabs.nth(number).click()
        found = page.locator("[data-test-chart-id]:visible")
        found.first.wait_for()
        for chart in found.all():
            _wait_until_drawn(page, chart)
            charts[chart.get_attribute("data-test-chart-name") or ""] = chart.inner_text()
            errors += chart.locator(FAILED).all_inner_texts()
        page.screenshot(path=folder / f"tab{number + 1}.png")
    return charts, errors


def _wait_until_drawn(page: Page, chart: Locator) -> None:
    """Until Superset shows no sign of loading, and something where the figures are."""
    chart.locator(f"table, canvas, .header-line, .ant-empty, {FAILED}").first.wait_for()
    for sign in (".loading", "[data-test='loading-indicator']"):
        page.wait_for_function("([box, sign]) => !box.querySelector(sign)", arg=[chart.element_handle(), sign])


def _answer(
    page: Page, url: str, picture: Path, table: str, dimensions: list[str], metrics: list[str], indicator: str | None
) -> list[list[str]]:
    """The rows of the table that somebody makes by dragging and clicking."""
    page.goto(f"{url}/tablemodelview/list/")
    page.get_by_role("link", name=table, exact=True).click()
    page.wait_for_url("**/explore/**")
    for name in dimensions:
        _drag(page, name, "groupby")
    for name in metrics:
        _drag(page, name, "metrics")
    if indicator:
        _drag(page, INDICATOR, "adhoc_filters")
        page.get_by_role("combobox", name="Comparator option").fill(indicator)
        page.locator(f".ant-select-item-option[title='{indicator}']").click()
        page.locator("[data-test='adhoc-filter-edit-popover-save-button']").click()
    page.get_by_role("button", name="Create chart").click()
    rows = page.locator("#chart-id-0 tbody tr")
    rows.first.wait_for()
    page.screenshot(path=picture)
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def _drag(page: Page, name: str, control: str) -> None:
    item = page.locator("[data-test='DatasourcePanelDragOption']").get_by_text(name, exact=True).first
    item.drag_to(page.locator(f"[data-test='{control}']").get_by_text("Drop columns").last)


def _offered(page: Page) -> dict[str, bool]:
    """{tab of a new metric: whether it can be used}"""
    page.locator("[data-test='metrics']").get_by_text("Drop columns").last.click()
    tabs = page.locator("[id^='adhoc-metric-edit-tabs-tab-']")
    tabs.first.wait_for()
    return {tab.inner_text(): tab.get_attribute("aria-disabled") != "true" for tab in tabs.all()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
