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
from great_expectations.expectations.expectation import Expectation  # noqa: E402

gc.freeze()  # what the library is made of stays for good: no collection need walk through it again

ROW = "_row"
"""The column that numbers a frame's rows from 0."""

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

    All are asked in one pass. A frame without rows fails nothing. Raises ExpectationCannotBeAsked.
    """
    if frame.empty or not expectations:
        return [[] for _ in expectations]
    failing: list[list[int]] = [[] for _ in expectations]
    for result in _validated(frame, expectations).results:
        _raise_if_not_asked(result)
        failing[result.expectation_config.meta["position"]] = _row_numbers(result)
    return failing


def _validated(frame: pd.DataFrame, expectations: Sequence[Expectation]):
    # The results come back in another order than the expectations: each carries its own position.
    numbered = [
        expectation.copy(update={"meta": {"position": position}}) for position, expectation in enumerate(expectations)
    ]
    suite = gx.ExpectationSuite(name="asked", expectations=numbered)
    batch = _batch_definition().get_batch(batch_parameters={"dataframe": frame})
    return batch.validate(suite, result_format=EVERY_FAILING_ROW)


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
