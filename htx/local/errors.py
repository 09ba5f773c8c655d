"""What goes wrong with Airflow on this machine."""


class RunFailed(Exception):
    """A run failed, or took too long; the message names the DAG, the task and its log."""


class ServicesFailed(RunFailed):
    """A service of Airflow does not start, does not answer, or ended; the message names its log."""
