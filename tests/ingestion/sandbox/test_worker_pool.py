"""Sandboxed processes that parse untrusted files."""

import operator
import os
import signal
import time
from dataclasses import replace

from ingestion.sandbox.worker_pool import WorkerFailure, call_workers
from ingestion.workbook.limits import LIMITS

QUICK = replace(LIMITS, seconds=1, seconds_by_the_clock=2)


def results(function, shared, *calls, limits=QUICK):
    return list(call_workers(function, shared, calls, limits))


def test_each_call_gives_its_result_in_the_order_of_the_calls():
    assert results(pow, 2, (1,), (2,), (3,), (10,), (0,)) == [2, 4, 8, 1024, 1]


def test_nothing_asked_starts_no_process():
    assert list(call_workers(pow, 2, [])) == []


def test_a_worker_that_computes_for_too_long_is_ended_and_the_others_go_on():
    began = time.monotonic()
    assert results(pow, 7, (2,), (10**9,), (3,)) == [49, WorkerFailure("time"), 343]
    assert time.monotonic() - began < 10


def test_a_worker_that_waits_for_too_long_is_ended():
    assert results(time.sleep, 60, ()) == [WorkerFailure("time")]


def test_a_worker_that_asks_for_too_much_memory_loses_its_file_alone():
    assert results(operator.mul, b"x", (3,), (10**10,), (2,)) == [b"xxx", WorkerFailure("memory"), b"xx"]


def test_a_worker_that_crashes_loses_its_file_alone():
    assert results(os.kill, 0, (signal.SIGSEGV,), (signal.SIGKILL,)) == [WorkerFailure("crash"), WorkerFailure("crash")]
    assert results(pow, 2, (5,)) == [32]


def test_of_calls_that_a_worker_is_given_together_one_that_ends_it_does_not_touch_the_others():
    calls = [(number,) for number in range(100)]
    calls[37], calls[38], calls[71] = (10**9,), ("no exponent",), (10**9,)
    found = results(pow, 7, *calls)
    lost = {number: each for number, each in enumerate(found) if isinstance(each, WorkerFailure)}
    assert lost == {37: WorkerFailure("time"), 38: WorkerFailure("error"), 71: WorkerFailure("time")}
    assert [each for number, each in enumerate(found) if number not in lost] == [
        7**number for number in range(100) if number not in lost
    ]


def test_a_function_that_raises_is_logged_and_fails_its_own_file_only(caplog):
    assert results(operator.truediv, 6, (2,), (0,), (3,)) == [3.0, WorkerFailure("error"), 2.0]
    assert "ZeroDivisionError" in caplog.text


def test_a_worker_cannot_send_what_would_act_in_our_process():
    assert results(operator.attrgetter, "system", ()) == [WorkerFailure("error")]


def test_a_worker_that_answers_without_end_is_not_listened_to():
    small = replace(QUICK, answer_bytes=1_000)
    assert results(operator.mul, b"x", (10,), (10_000,), limits=small) == [b"x" * 10, WorkerFailure("crash")]


def test_a_worker_is_used_again():
    assert results(os.getsid, 0, ()) == results(os.getsid, 0, ())


def test_a_fork_has_workers_of_its_own():
    ours = results(os.getsid, 0, ())
    said, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(tell, b"own" if results(os.getsid, 0, ()) != ours else b"ours")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(said, 10) == b"own"
    assert results(os.getsid, 0, ()) == ours
