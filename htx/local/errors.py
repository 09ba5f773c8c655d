"""What goes wrong with Airflow and Superset on this machine."""


class RunFailed(Exception):
    """A run failed, or took too long; the message names the DAG, the task and its log."""


class ServicesFailed(RunFailed):
    """A service does not start, does not answer, or ended; the message names its log."""
