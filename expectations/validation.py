"""Great Expectations over a pandas frame: which rows fail which expectation."""

import gc
import logging
from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

# It writes hundreds of lines at import when the root logger listens (as inside Airflow).
logging.getLogger("great_expectations._docs_decorators").setLevel(logging.WARNING)
logging.getLogger("great_expectations").setLevel(logging.WARNING)

import great_expectations as gx  # noqa: E402
from great_expectations.core.batch_definition import BatchDefinition  # noqa: E402
from great_expectations.datasource.fluent.interfaces import Batch  # noqa: E402
from great_expectations.expectations.expectation import Expectation  # noqa: E402

gc.freeze()  # what the library is made of stays for good: no collection need walk through it again

ROW = "_row"
"""The column that numbers a frame's rows from 0."""

WHETHER = {"result_format": "BOOLEAN_ONLY"}
EVERY_FAILING_ROW = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [ROW],
    "exclude_unexpected_values": True,  # the values stay in the frame: none ends in a result or a log
    "return_unexpected_index_query": False,
    "include_unexpected_rows": False,
    "partial_unexpected_count": 0,
}


class ExpectationCannotBeAsked(Exception):
    """An expectation could not be evaluated: a fault of ours, never of a sender."""


def failing_rows(frame: pd.DataFrame, expectations: Sequence[Expectation]) -> list[list[int]]:
    """For each expectation on rows the numbers (column `_row`) of the rows that fail it, in order.

    All are first asked whether they hold, in one pass, and the few that do not which rows fail them: to be ready to
    name rows costs the library as much again as to ask. A frame without rows fails nothing. Raises
    ExpectationCannotBeAsked.
    """
    failing: list[list[int]] = [[] for _ in expectations]
    if frame.empty or not expectations:
        return failing
    batch = _batch_definition().get_batch(batch_parameters={"dataframe": frame})
    held = _validated(batch, dict(enumerate(expectations)), WHETHER)
    broken = {place: expectations[place] for place, result in sorted(held.items()) if not result.success}
    for place, result in _validated(batch, broken, EVERY_FAILING_ROW).items() if broken else ():
        failing[place] = _row_numbers(result)
    return failing


def _validated(batch: Batch, expectations: dict[int, Expectation], result_format: dict) -> dict[int, object]:
    """Place of an expectation -> its result. The results come back in another order: each carries its own place."""
    numbered = [each.copy(update={"meta": {"place": place}}) for place, each in expectations.items()]
    results = batch.validate(gx.ExpectationSuite(name="asked", expectations=numbered), result_format=result_format)
    for each in results.results:
        _raise_if_not_asked(each)
    return {each.expectation_config.meta["place"]: each for each in results.results}


@lru_cache(maxsize=1)
def _batch_definition() -> BatchDefinition:
    """One for the process: a context that keeps nothing, sends nothing, and draws no bars."""
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _raise_if_not_asked(result) -> None:
    # One expectation's exception_info is a dict, or a dict of them by metric.
    info = result.exception_info or {}
    infos = [info] if "raised_exception" in info else list(info.values())
    for each in infos:
        if each.get("raised_exception"):
            raise ExpectationCannotBeAsked(f"{result.expectation_config}: {each.get('exception_message')}")


def _row_numbers(result) -> list[int]:
    numbers: set[int] = set()
    for entry in result.result.get("unexpected_index_list") or ():
        found = entry[ROW]
        numbers.update(int(number) for number in (found if isinstance(found, (list, tuple)) else [found]))
    if not result.success and not numbers:
        raise ExpectationCannotBeAsked(f"{result.expectation_config}: failed, and names no row")
    return sorted(numbers)
