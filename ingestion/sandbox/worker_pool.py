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
from typing import cast

from ingestion.workbook.limits import LIMITS, Limits

ROOT = Path(__file__).resolve().parents[2]
LENGTH = struct.Struct(">Q")
OWN_MODULES = ("ingestion.",)
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
        self.limits = limits
        self.head: bytes | None = None
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from ingestion.sandbox.worker_pool import work; work()", str(limits.memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # poll() does not see answers in a buffer
            stderr=subprocess.DEVNULL,  # messages of a crashing reader
            cwd=ROOT,
            start_new_session=True,  # Ctrl-C is handled by the caller
        )
        self.calls = io.BufferedWriter(cast(io.RawIOBase, self.process.stdin))
        self.answers = cast(io.RawIOBase, self.process.stdout)

    def call(self, head: bytes, calls: list[tuple], limits: Limits) -> Iterator[object | WorkerFailure]:
        """The outcomes of the calls in their order, until the worker fails."""
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
                yield self._outcome(_read(self.answers, limits.answer_bytes))
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
                log.exception("a worker sent an invalid answer")
                self.close()
                return WorkerFailure("error")
        if kind == b"M":
            self.close()  # its memory is unreliable after a MemoryError
            return WorkerFailure("memory")
        log.error("a worker raised on a file:\n%s", content.decode("utf-8", "replace"))
        return WorkerFailure("error")

    def _answers_within(self, seconds: float) -> bool:
        """Whether an answer begins, or the worker ends, within that time."""
        waiting = select.poll()
        waiting.register(self.answers, select.POLLIN)
        return bool(waiting.poll(1000 * seconds))

    @property
    def is_usable(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None

    def close(self) -> None:
        for pipe in (self.calls, self.answers):
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
    """The worker's main loop: calls from standard input, answers to standard output, until either is closed."""
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # libraries may print
    _bounded(int(sys.argv[1]))
    gc.disable()  # collect garbage between files
    function: Callable = _no_function
    shared: object = None
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


def _no_function(*_arguments) -> None:
    raise RuntimeError("a call came before its function")


def _answer(function: Callable, shared: object, arguments: tuple, seconds: int) -> tuple[bytes, bytes]:
    signal.setitimer(signal.ITIMER_PROF, seconds)  # CPU time of user and system; the signal ends the process
    signal.alarm(4 * seconds)  # if the caller is gone
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
    with contextlib.suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
