"""The bundle of dashboards as it is read without Superset, and the query that Superset sends for each chart."""

from pathlib import Path

import yaml

BUNDLE = Path(__file__).parents[3] / "reporting" / "dashboards" / "bundle"
DIMENSIONS = ("groupby", "groupbyRows", "groupbyColumns", "all_columns", "x_axis")


def read(folder: str) -> dict[str, dict]:
    """{name of the file: what it says}"""
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (BUNDLE / folder).rglob("*.yaml")}


DATASETS, CHARTS = read("datasets"), read("charts")
[DASHBOARD] = read("dashboards").values()
BY_UUID = {dataset["uuid"]: dataset for dataset in DATASETS.values()}
POSITIONS = [each for each in DASHBOARD["position"].values() if isinstance(each, dict) and each["type"] == "CHART"]
FILTERS = DASHBOARD["metadata"]["native_filter_configuration"]


def columns(dataset: dict) -> dict[str, str]:
    """{column: its SQL}"""
    return {each["column_name"]: each.get("expression") or each["column_name"] for each in dataset["columns"]}


def metrics(dataset: dict) -> dict[str, str]:
    """{saved metric: its SQL}"""
    return {each["metric_name"]: each["expression"] for each in dataset["metrics"]}


def dimensions_of(params: dict) -> list[str]:
    """The columns that a chart shows, each once."""
    asked = [params.get(name) or [] for name in DIMENSIONS]
    return list(dict.fromkeys(each for one in asked for each in ([one] if isinstance(one, str) else one)))


def metrics_of(params: dict) -> list[str]:
    asked = [*params.get("metrics", []), params.get("metric"), params.get("timeseries_limit_metric")]
    return list(dict.fromkeys(each for each in asked if each))


def query_of(name: str, year: int) -> str:
    """What Superset asks the warehouse for a chart when the dashboard is opened, the filters on their first values."""
    chart = CHARTS[name]
    dataset, params = BY_UUID[chart["dataset_uuid"]], chart["params"]
    known = columns(dataset)
    shown = [known[each] for each in dimensions_of(params)]
    summed = [metrics(dataset)[each] for each in metrics_of(params)]
    where = [_condition(known[each["subject"]], each) for each in params.get("adhoc_filters", [])]
    where += [f"{known[column]} in ({value})" for column, value in _first_values(name, year) if column in known]
    query = f"select {', '.join(shown + summed)} from bi.{dataset['table_name']} where {' and '.join(where) or 'true'}"
    grouped = f" group by {', '.join(str(place + 1) for place in range(len(shown)))}" if shown and summed else ""
    sorted_by = params.get("timeseries_limit_metric") or next(iter(metrics_of(params)), None)
    ordered = f" order by {len(shown) + 1 + metrics_of(params).index(sorted_by)} desc nulls last" if sorted_by else ""
    return f"{query}{grouped}{ordered} limit {params.get('row_limit', 50_000)}"


def options_of(native_filter: dict) -> str:
    """What Superset asks the warehouse for the values that a filter of the dashboard offers."""
    [target] = native_filter["targets"]
    dataset = BY_UUID[target["datasetUuid"]]
    column = columns(dataset)[target["column"]["name"]]
    direction = "asc" if native_filter["controlValues"]["sortAscending"] else "desc"
    ordered = metrics(dataset).get(native_filter.get("sortMetric"), "1")
    return f"select {column} from bi.{dataset['table_name']} group by 1 order by {ordered} {direction} limit 1000"


def _first_values(name: str, year: int) -> list[tuple[str, str]]:
    """(column, value) of the filters that reach a chart and begin with a value."""
    [number] = [each["meta"]["chartId"] for each in POSITIONS if each["meta"]["uuid"] == CHARTS[name]["uuid"]]
    found = []
    for each in FILTERS:
        if number not in each["scope"]["excluded"]:
            value = each["defaultDataMask"]["filterState"].get("value")
            if value or each["controlValues"]["defaultToFirstItem"]:
                found.append((each["targets"][0]["column"]["name"], _literal(value[0]) if value else str(year)))
    return found


def _condition(column: str, given: dict) -> str:
    operator, value = given["operator"].replace("==", "="), given.get("comparator")
    if isinstance(value, list):
        return f"{column} {operator} ({', '.join(map(_literal, value))})"
    return f"{column} {operator}" if value is None else f"{column} {operator} {_literal(value)}"


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "'{}'".format(str(value).replace("'", "''"))
