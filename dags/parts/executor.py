"""Airflow's executor on one machine, for tasks that wait for a person."""

from collections import Counter

from airflow.executors.local_executor import LocalExecutor
from airflow.utils.state import TaskInstanceState

ENDED = (TaskInstanceState.SUCCESS, TaskInstanceState.FAILED)


class ResumingExecutor(LocalExecutor):
    """LocalExecutor, where the answer to a question may come at any time.

    A question ends the process that asked it; the answer starts another one for the same try of the task. When the
    answer comes within a second, Airflow 3.3 takes the end of the first process for that of the second, and marks the
    task as failed. Here only the end of the last process is reported."""

    def start(self) -> None:
        super().start()
        self.started: Counter = Counter()

    def _process_workloads(self, workload_list) -> None:
        self.started.update(workload.key for workload in workload_list)
        super()._process_workloads(workload_list)

    def change_state(self, key, state, info=None, remove_running=True) -> None:
        if state in ENDED:
            self.started[key] -= 1
            if self.started[key] > 0:
                return
            del self.started[key]
        super().change_state(key, state, info, remove_running)
