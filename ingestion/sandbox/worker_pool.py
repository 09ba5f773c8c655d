"""Sandboxed worker processes for parsing untrusted workbooks, with limits on CPU time, wall-clock time and memory.

A worker is a separate Python program that runs one function on one file at a time. A crash, hang or excessive memory
use costs one file. It is started, not forked: it shares no lock, connection or memory with its caller, which may be a
fork itself (an Airflow task). Workers are reused, and end with the process that started them.
"""

import atexit
import contextlib
import gc
import io
import itertools
import logging
import os
import pickle
import queue
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from ingestion.workbook.limits import LIMITS, Limits

ROOT = Path(__file__).resolve().parents[2]
OWN_MODULES = ("ingestion.",)
RESULT, NO_MEMORY, ERROR = b"R", b"M", b"E"
"""kinds of answers"""
LARGEST_BATCH = 8
"""calls sent to a worker at a time"""
HARMLESS = frozenset({("datetime", "date"), ("datetime", "datetime"), ("datetime", "timezone"), ("decimal", "Decimal")})
# Its timers of CPU and wall-clock time; and the abort of a reader that cannot allocate memory.
ENDED_BY: dict[int, str] = {signal.SIGPROF: "time", signal.SIGALRM: "time", signal.SIGABRT: "memory"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WorkerFailure:
    """The result of a call whose worker did not answer."""

    reason: str
    """time, memory, crash; or error if the function raised"""


def call_workers(
    function: Callable, shared: object, calls: Iterable[tuple], limits: Limits = LIMITS
) -> Iterator[object | WorkerFailure]:
    """The results of `function(shared, *arguments)` for each of the arguments, computed in workers, in their order.

    Starts at once; iterating waits for the results. `function` is defined in a module of ingestion; it, `shared` and
    the arguments can be pickled, and the results consist of plain values and classes of ingestion. A call that exceeds
    a limit or raises results in a WorkerFailure, and does not affect others. `shared` is sent to each worker once.
    """
    calls = list(calls)
    if not calls:
        return iter(())
    pool = ThreadPoolExecutor(max_workers=min(limits.workers, -(-len(calls) // 4)), thread_name_prefix="readers")
    head = pickle.dumps((function, shared), pickle.HIGHEST_PROTOCOL)
    size = max(1, min(LARGEST_BATCH, len(calls) // (4 * limits.workers)))
    futures = [pool.submit(_call, head, calls[start : start + size], limits) for start in range(0, len(calls), size)]
    pool.shutdown(wait=False)
    return itertools.chain.from_iterable(map(Future.result, futures))


def _call(head: bytes, calls: list[tuple], limits: Limits) -> list[object | WorkerFailure]:
    """The outcome of each call. All are sent to one worker, which need not wait between them. If it fails at one,
    another continues with the next. A call at which it crashed is tried twice: another program may be the cause."""
    outcomes: list[object | WorkerFailure] = []
    is_second = False
    while len(outcomes) < len(calls):
        with _borrowed(limits) as worker:
            for outcome in worker.call(head, calls[len(outcomes) :], limits):
                if outcome == WorkerFailure("crash") and not is_second:
                    is_second = True
                    break
                is_second = False
                outcomes.append(outcome)
    return outcomes


class _Worker:
    """A running worker, in the process that started it."""

    def __init__(self, limits: Limits) -> None:
        self.owner = os.getpid()
        self.memory_bytes = limits.memory_bytes
        self.head: bytes | None = None
        self.pipe, theirs = Pipe()
        with theirs:
            start = "from ingestion.sandbox.worker_pool import work; work()"
            self.process = subprocess.Popen(
                [sys.executable, "-c", start, str(theirs.fileno()), str(limits.memory_bytes)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # libraries may print
                stderr=subprocess.DEVNULL,  # messages of a crashing reader
                cwd=ROOT,
                start_new_session=True,  # Ctrl-C is handled by the caller
            )

    def call(self, head: bytes, calls: list[tuple], limits: Limits) -> Iterator[object | WorkerFailure]:
        """The outcomes of the calls in their order, until the worker fails."""
        is_late = False
        try:
            request = (None if head == self.head else head, limits.seconds, calls)
            self.pipe.send_bytes(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
            self.head = head
            for _ in calls:
                is_late = not self.pipe.poll(limits.seconds_by_the_clock)
                if is_late:
                    raise EOFError
                yield self._outcome(self.pipe.recv_bytes(1), self.pipe.recv_bytes(limits.answer_bytes))
                if not self.is_usable:
                    return
        except (OSError, EOFError):
            self.close()
            yield WorkerFailure("time" if is_late else ENDED_BY.get(-self.process.returncode, "crash"))

    def _outcome(self, kind: bytes, content: bytes) -> object | WorkerFailure:
        if kind == RESULT:
            try:
                return _Plain(io.BytesIO(content)).load()
            except Exception:
                log.exception("a worker sent an invalid answer")
                self.close()
                return WorkerFailure("error")
        if kind == NO_MEMORY:
            self.close()  # its memory is unreliable after a MemoryError
            return WorkerFailure("memory")
        log.error("a worker raised on a file:\n%s", content.decode("utf-8", "replace"))
        return WorkerFailure("error")

    @property
    def is_usable(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None

    def close(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.wait()


_idle: queue.SimpleQueue = queue.SimpleQueue()


@contextlib.contextmanager
def _borrowed(limits: Limits) -> Iterator[_Worker]:
    worker = _idle_worker(limits) or _Worker(limits)
    try:
        yield worker
    except BaseException:
        worker.close()
        raise
    if worker.is_usable:
        _idle.put(worker)


def _idle_worker(limits: Limits) -> _Worker | None:
    while True:
        try:
            worker = _idle.get_nowait()
        except queue.Empty:
            return None
        if worker.is_usable and worker.memory_bytes == limits.memory_bytes:
            return worker
        if worker.owner == os.getpid():  # after a fork the others belong to the parent
            worker.close()


@atexit.register
def _end_workers() -> None:
    with contextlib.suppress(queue.Empty):
        while worker := _idle.get_nowait():
            if worker.owner == os.getpid():
                worker.close()


class _Plain(pickle.Unpickler):
    """Unpickles plain values and our own classes from a worker, nothing that could run code in this process."""

    def find_class(self, module: str, name: str) -> object:
        if module.startswith(OWN_MODULES) or (module, name) in HARMLESS:
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"a worker sent {module}.{name}")


# In the worker ----------------------------------------------------------------------------------------------


def work() -> None:
    """The worker's main loop: calls and answers go through the pipe, until it is closed."""
    pipe = Connection(int(sys.argv[1]))
    memory_bytes = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    gc.disable()  # collect garbage between files
    function: Any = None
    shared: object = None
    with contextlib.suppress(EOFError):
        while True:
            head, seconds, calls = pickle.loads(pipe.recv_bytes())
            if head is not None:
                function, shared = pickle.loads(head)
            for arguments in calls:
                for part in _answer(function, shared, arguments, seconds):
                    pipe.send_bytes(part)
                gc.collect(1)
                if _address_space() > memory_bytes // 2:
                    return  # libraries keep some of it, which would be missing for the next files


def _address_space() -> int:
    """Bytes that count towards RLIMIT_AS; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _answer(function: Callable, shared: object, arguments: tuple, seconds: int) -> tuple[bytes, bytes]:
    signal.setitimer(signal.ITIMER_PROF, seconds)  # CPU time of user and system; the signal ends the process
    signal.alarm(4 * seconds)  # if the caller is gone
    try:
        return RESULT, pickle.dumps(function(shared, *arguments), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return NO_MEMORY, b""
    except Exception:
        return ERROR, traceback.format_exc().encode("utf-8", "replace")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
