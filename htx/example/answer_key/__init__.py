"""What the warehouse must find: all figures worked out from the clean lists, before they become workbooks.

Plain Python over the reports, the registry and the seeds, so that nothing is shared with the warehouse's own way:
no module of ingestion, expectations or warehouse is imported here, and no workbook is read. What each figure means
stands in indicators.csv, measures.csv and decisions.csv.

counted.csv says what counts for which figure; `organisations`, `activities`, `registry` and `calendar` collect the
facts that it asks for, `figures` adds up. `values` puts it together with `statuses`, `maps` and `bounds`; `changes`
and `targets` follow; `writing` writes the files.
"""

from htx.example.answer_key.registry import baseline
from htx.example.answer_key.targets import annual_targets
from htx.example.answer_key.values import IndicatorValue, indicator_values, target_figures
from htx.example.answer_key.writing import submission_statuses, write_answer_key

__all__ = [
    "IndicatorValue",
    "annual_targets",
    "baseline",
    "indicator_values",
    "submission_statuses",
    "target_figures",
    "write_answer_key",
]
