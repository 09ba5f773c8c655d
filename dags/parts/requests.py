"""When the DAGs that publish reports run, and what a request may say."""

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, Param

from htx import environment
from warehouse.reference.time_zone import VIET_NAM

REQUESTS = Asset("report_requests")


def when_due(dag_id: str) -> AssetOrTimeSchedule | Asset:
    """Each morning, after each build, and on request; the schedule `never` leaves requests alone."""
    cron = environment.schedule_of(dag_id, default="0 8 * * *")
    if cron is None:
        return REQUESTS
    clock = CronTriggerTimetable(cron, timezone=VIET_NAM.key)
    return AssetOrTimeSchedule(timetable=clock, assets=Asset("marts") | REQUESTS)


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
