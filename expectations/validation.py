"""Great Expectations over a pandas frame: which rows fail which expectation."""

import gc
import threading
from collections.abc import Sequence
from functools import lru_cache

import great_expectations as gx
import pandas as pd
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.expectations.expectation import Expectation

gc.freeze()  # the library's objects stay for good: later collections need not scan them

ROW = "_row"
"""The column that numbers a frame's rows from 0."""

WHETHER = {"result_format": "BOOLEAN_ONLY"}
EVERY_FAILING_ROW = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [ROW],
    "exclude_unexpected_values": True,  # values must not get into results or logs
    "return_unexpected_index_query": False,
    "include_unexpected_rows": False,
    "partial_unexpected_count": 0,
}

ONE_AT_A_TIME = threading.Lock()  # of two threads that validated at once one got the other frame's columns


class ExpectationNotEvaluated(Exception):
    """An expectation could not be evaluated: a fault of this program, never of a sender."""


def failing_rows(frame: pd.DataFrame, expectations: Sequence[Expectation]) -> list[list[int]]:
    """For each expectation on rows the numbers (column `_row`) of the rows that fail it, in order.

    Two passes: all expectations without row numbers, then the failed ones with them, since row numbers double the cost
    of a pass. A frame without rows fails nothing. Raises ExpectationNotEvaluated.
    """
    failing: list[list[int]] = [[] for _ in expectations]
    if frame.empty or not expectations:
        return failing
    with ONE_AT_A_TIME:
        batch = _batch_definition().get_batch(batch_parameters={"dataframe": frame})
        held = _validated(batch, dict(enumerate(expectations)), WHETHER)
        broken = {place: expectations[place] for place, result in sorted(held.items()) if not result.success}
        for place, result in _validated(batch, broken, EVERY_FAILING_ROW).items() if broken else ():
            failing[place] = _row_numbers(result)
    return failing


def _validated(
    batch: Batch, expectations: dict[int, Expectation], result_format: dict
) -> dict[int, ExpectationValidationResult]:
    """Place of an expectation -> its result. Results come back in another order, so each carries its place."""
    numbered = [each.copy(update={"meta": {"place": place}}) for place, each in expectations.items()]
    results = batch.validate(gx.ExpectationSuite(name="rules", expectations=numbered), result_format=result_format)
    by_place = {}
    for each in results.results:
        _raise_if_not_evaluated(each)
        assert each.expectation_config is not None
        by_place[each.expectation_config.meta["place"]] = each
    return by_place


@lru_cache(maxsize=1)
def _batch_definition() -> BatchDefinition:
    """One for the process, in a context that stores nothing, sends nothing and draws no progress bars."""
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}  # type: ignore[assignment]  # it reads a dict
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _raise_if_not_evaluated(result) -> None:
    # One expectation's exception_info is a dict, or a dict of them by metric.
    info = result.exception_info or {}
    infos = [info] if "raised_exception" in info else list(info.values())
    for each in infos:
        if each.get("raised_exception"):
            raise ExpectationNotEvaluated(f"{result.expectation_config}: {each.get('exception_message')}")


def _row_numbers(result) -> list[int]:
    numbers: set[int] = set()
    for entry in result.result.get("unexpected_index_list") or ():
        found = entry[ROW]
        numbers.update(int(number) for number in (found if isinstance(found, (list, tuple)) else [found]))
    if not result.success and not numbers:
        raise ExpectationNotEvaluated(f"{result.expectation_config}: failed without naming a row")
    return sorted(numbers)
