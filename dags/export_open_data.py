"""Writes what `bi` shows, and each edition that was issued, as open data into the folder OPEN_DATA_URL every night.

A platform that shares data reads `current/datapackage.json` there, and one for each issued edition, in
`KIND-YEAR-VERSION/`. It sees an export whole or the one before. Without OPEN_DATA_URL the task is skipped.

When it fails: the warehouse could not be reached, the folder could not be written, or it holds another data set; the
log says which. An engineer fixes the cause and clears the task: what was exported before stays.
"""

from airflow.sdk import dag
from airflow.sdk.exceptions import AirflowSkipException

from dags.parts import connections
from dags.parts.conventions import clock, described, step
from htx import environment


@dag(
    schedule=clock("export_open_data", default="0 3 * * *"),
    **described("export_open_data", __doc__, "publications", hours=2),
)
def export_open_data():
    @step
    def export() -> list[dict]:
        from htx.open_data.edition import export_issued
        from htx.open_data.export import export_bi

        folder = environment.open_data_url()
        if folder is None:
            raise AirflowSkipException("OPEN_DATA_URL is not set: no open data is written")
        url = connections.warehouse_url()
        return [export_bi(url, f"{folder.rstrip('/')}/current"), *export_issued(url, folder)]

    export()


export_open_data()
