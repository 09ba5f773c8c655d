"""Processes that open files of strangers for us: what crashes, hangs or eats memory there takes one file with it.

A worker is a Python of its own that runs one function on one file at a time, within bounds of the operating system:
seconds of computing, memory, no core dump. It is a new program, not a fork: whoever calls (a prompt, a test, a task
of Airflow that is a fork itself) shares no lock, connection or memory with it. Workers are kept for the next call
and end with the process that started them.
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
import select
import signal
import struct
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ingestion.workbook.limits import LIMITS, Limits

ROOT = Path(__file__).resolve().parents[2]
LENGTH = struct.Struct(">Q")
OWN_MODULES = ("ingestion.",)
MOST_AT_ONCE = 8
"""calls that a worker is given at a time"""
HARMLESS = frozenset({("datetime", "date"), ("datetime", "datetime"), ("datetime", "timezone"), ("decimal", "Decimal")})
# Its own clocks, of computing and of the wall; and what a reader does that gets no memory.
ENDED_BY = {signal.SIGPROF: "time", signal.SIGALRM: "time", signal.SIGABRT: "memory"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WorkerFailure:
    """What came of a call whose worker did not live to answer."""

    reason: str
    """time, memory, crash, or error: it lives, and the function raised"""


def call_workers(
    function: Callable, shared: object, calls: Iterable[tuple], limits: Limits = LIMITS
) -> Iterator[object | WorkerFailure]:
    """What `function(shared, *arguments)` gives for each of the arguments, worked out in workers, in their order.

    Begins at once; who asks for the results waits for them. `function` is one of a module of ingestion; it, `shared`
    and the arguments can be pickled, and what it gives consists of plain values and classes of ingestion. A call over
    a bound gives a WorkerFailure, and so does one that raises; its neighbours are not touched. `shared` goes to each
    worker once.
    """
    calls = list(calls)
    if not calls:
        return iter(())
    pool = ThreadPoolExecutor(max_workers=min(limits.workers, -(-len(calls) // 4)), thread_name_prefix="readers")
    head = pickle.dumps((function, shared), pickle.HIGHEST_PROTOCOL)
    size = max(1, min(MOST_AT_ONCE, len(calls) // (4 * limits.workers)))
    futures = [pool.submit(_call, head, calls[start : start + size], limits) for start in range(0, len(calls), size)]
    pool.shutdown(wait=False)
    return itertools.chain.from_iterable(map(Future.result, futures))


def _call(head: bytes, calls: list[tuple], limits: Limits) -> list[object | WorkerFailure]:
    """The outcome of each call. The worker is given them all: it need not wait for us between two of them. When it is
    lost over one, another goes on with the next; twice over one where it just died: another program may have taken
    the memory, or ended it."""
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
    """A running worker, seen from the process that started it."""

    def __init__(self, limits: Limits) -> None:
        self.owner = os.getpid()
        self.limits = limits
        self.head: bytes | None = None
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from ingestion.sandbox.worker_pool import work; work()", str(limits.memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # an answer that waits in a buffer of ours would not be seen to wait
            stderr=subprocess.DEVNULL,  # the panics of a reader are not ours to tell
            cwd=ROOT,
            start_new_session=True,  # Ctrl-C is for us to handle
        )
        self.calls = io.BufferedWriter(self.process.stdin)

    def call(self, head: bytes, calls: list[tuple], limits: Limits) -> Iterator[object | WorkerFailure]:
        """The outcomes of the calls in their order, as far as it lives."""
        is_late = False
        try:
            if head != self.head:
                _write(self.calls, b"H", head)
                self.head = head
            request = pickle.dumps(calls, pickle.HIGHEST_PROTOCOL)
            _write(self.calls, b"C", limits.seconds.to_bytes(2, "big") + request)
            for _ in calls:
                is_late = not self._answers_within(limits.seconds_by_the_clock)
                if is_late:
                    raise EOFError
                yield self._outcome(_read(self.process.stdout, limits.answer_bytes))
                if not self.is_usable:
                    return
        except (OSError, EOFError):
            self.close()
            yield WorkerFailure("time" if is_late else ENDED_BY.get(-self.process.returncode, "crash"))

    def _outcome(self, answer: bytes) -> object | WorkerFailure:
        kind, content = answer[:1], answer[1:]
        if kind == b"R":
            try:
                return _Plain(io.BytesIO(content)).load()
            except Exception:
                log.exception("a worker gave an answer that is none")
                self.close()
                return WorkerFailure("error")
        if kind == b"M":
            self.close()  # what is left of its memory is nobody's guess
            return WorkerFailure("memory")
        log.error("a worker failed on a file:\n%s", content.decode("utf-8", "replace"))
        return WorkerFailure("error")

    def _answers_within(self, seconds: float) -> bool:
        """Waits until an answer begins, or the worker's end."""
        waiting = select.poll()
        waiting.register(self.process.stdout, select.POLLIN)
        return bool(waiting.poll(1000 * seconds))

    @property
    def is_usable(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None

    def close(self) -> None:
        for pipe in (self.calls, self.process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
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
        if worker.is_usable and worker.limits.memory_bytes == limits.memory_bytes:
            return worker
        if worker.owner == os.getpid():  # in a fork the others belong to the process that we came from
            worker.close()


@atexit.register
def _end_workers() -> None:
    with contextlib.suppress(queue.Empty):
        while worker := _idle.get_nowait():
            if worker.owner == os.getpid():
                worker.close()


class _Plain(pickle.Unpickler):
    """Takes plain values and our own classes from a worker, and nothing that could act in this process."""

    def find_class(self, module: str, name: str) -> object:
        if module.startswith(OWN_MODULES) or (module, name) in HARMLESS:
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"a worker sent {module}.{name}")


def _write(pipe, kind: bytes, content: bytes) -> None:
    pipe.write(kind + LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def _read(pipe, most: int | None = None) -> bytes:
    head = _exactly(pipe, 1 + LENGTH.size)
    (length,) = LENGTH.unpack(head[1:])
    if most is not None and length > most:
        raise EOFError
    return head[:1] + _exactly(pipe, length)


def _exactly(pipe, size: int) -> bytes:
    parts = []
    while size:
        part = pipe.read(size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


# In the worker ----------------------------------------------------------------------------------------------


def work() -> None:
    """The worker's whole life: calls from standard input, answers to standard output, until either is closed."""
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _bounded(int(sys.argv[1]))
    gc.disable()  # what a file leaves behind is collected between two files
    function, shared = None, None
    while True:
        try:
            message = _read(calls)
        except EOFError:
            return
        if message[:1] == b"H":
            function, shared = pickle.loads(message[1:])
            continue
        seconds = int.from_bytes(message[1:3], "big")
        for arguments in pickle.loads(message[3:]):
            _write(answers, *_answer(function, shared, arguments, seconds))
            gc.collect(1)


def _answer(function: Callable, shared: object, arguments: tuple, seconds: int) -> tuple[bytes, bytes]:
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of computing, ours and the system's; its signal ends us
    signal.alarm(4 * seconds)  # also where nobody is left to end us
    try:
        return b"R", pickle.dumps(function(shared, *arguments), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return b"M", b""
    except Exception:
        return b"E", traceback.format_exc().encode("utf-8", "replace")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)


def _bounded(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS has no such bound
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
