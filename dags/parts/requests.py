"""When the DAGs that publish reports run, and what a request may say."""

from airflow.sdk import Asset, AssetOrTimeSchedule, Param

from dags.parts.conventions import clock

REQUESTS = Asset("report_requests")


def when_due(dag_id: str) -> AssetOrTimeSchedule | Asset:
    """Each morning, after each build, and on request; the schedule `never` leaves requests alone."""
    at = clock(dag_id, default="0 8 * * *")
    return REQUESTS if at is None else AssetOrTimeSchedule(timetable=at, assets=Asset("marts") | REQUESTS)


def params(kind: str, period: str) -> dict[str, Param]:
    """The conf of a run: report year or phase, the clock (of the example alone), a reason to publish a report that is
    not ready; and what a run of ours goes on with (of others it is not read)."""
    return {
        "kind": Param(kind, enum=[kind]),
        period: Param(None, type=["null", "integer"], minimum=0, maximum=9999),
        "as_of": Param(None, type=["null", "string"], maxLength=50),
        "force_because": Param(None, type=["null", "string"], maxLength=1000),
        "follows": Param(None, type=["null", "object"]),
    }
