"""Several processes: results in order, processes kept, and an item that kills its process costs no other a result."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from xfkh.workers import ENOUGH, MEMORY, Workers

MANY = list(range(ENOUGH + 5))


def square(number: int) -> int:
    return number * number


def deadly(number: int) -> int:
    """Kills its process at some numbers, each in another chunk, while the others are still at work."""
    if number in (3, 20, 21):
        os._exit(1)
    time.sleep(0.001)
    return number


def where(number: int) -> int:
    return os.getpid()


def wrong(number: int) -> int:
    if number == 30:
        raise ValueError("thirty")
    return number


def test_results_come_in_order() -> None:
    with Workers(2) as workers:
        assert list(workers.map(square, MANY)) == [k * k for k in MANY]


@pytest.mark.parametrize(("jobs", "count"), [(1, len(MANY)), (2, ENOUGH - 1), (2, 0)])
def test_little_work_and_one_job_stay_in_this_process(jobs: int, count: int) -> None:
    with Workers(jobs) as workers:
        assert set(workers.map(where, MANY[:count])) <= {os.getpid()}


def test_the_processes_are_kept_for_the_next_use_and_end_with_it() -> None:
    with Workers(2) as workers:
        seen = [set(workers.map(where, MANY)) for _ in range(5)]
        used = set.union(*seen)
        assert os.getpid() not in used
        # which of the two takes an item is chance; processes made anew each time would be five at least
        assert len(used) <= 2
        assert set(workers.map(where, MANY[:3])) == {os.getpid()}, "few items never depend on a process"
    for each in used:
        with pytest.raises(ProcessLookupError):
            os.kill(each, 0)


def test_processes_started_early_do_the_work() -> None:
    with Workers(2) as workers:
        workers.start("json")
        assert os.getpid() not in set(workers.map(where, MANY))


def test_an_item_that_kills_its_process_is_the_only_one_lost() -> None:
    with Workers(2) as workers:
        found = list(workers.map(deadly, MANY, lost=lambda number: -number))
        assert found == [-k if k in (3, 20, 21) else k for k in MANY]
        assert list(workers.map(square, MANY)) == [k * k for k in MANY]


def test_without_a_word_for_it_a_lost_item_is_an_error() -> None:
    with Workers(2) as workers, pytest.raises(BrokenProcessPool):
        list(workers.map(deadly, MANY))


def test_what_the_function_raises_is_raised_here() -> None:
    with Workers(2) as workers, pytest.raises(ValueError, match="thirty"):
        list(workers.map(wrong, MANY))


class NoProcess:
    """An executor on a machine that lets no process start."""

    def __init__(self, *_: object) -> None:
        pass

    def __enter__(self) -> NoProcess:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def shutdown(self, **_: object) -> None:
        pass

    def submit(self, *_: object) -> Future[object]:
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool("no process starts"))
        return future


def test_where_no_process_starts_the_work_is_done_here_and_no_item_is_called_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xfkh.workers.ProcessPoolExecutor", NoProcess)
    with Workers(2) as workers:
        assert list(workers.map(square, MANY, lost=lambda _: -1)) == [k * k for k in MANY]


def slow(number: int) -> int:
    """Some items never end."""
    if number in (5, 22):
        while True:
            pass
    return number


def test_an_item_that_never_ends_is_the_only_one_lost() -> None:
    with Workers(2) as workers:
        found = list(workers.map(slow, MANY[:32], lost=lambda number: -number, enough=1, seconds=1.5))
        assert found == [-k if k in (5, 22) else k for k in MANY[:32]]
        assert list(workers.map(square, MANY)) == [k * k for k in MANY]


def hungry(number: int) -> int:
    return len(bytearray(number))


def test_a_process_may_not_take_all_the_memory() -> None:
    pytest.importorskip("resource", reason="only some systems can limit it")
    with Workers(2) as workers, pytest.raises(MemoryError):
        list(workers.map(hungry, [2 * MEMORY], enough=1))


FORKED = """
import sys, threading
from xfkh import workers
from tests import test_workers

def main(threads):
    test_workers.TOLD.append("by the parent")
    if threads:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    with workers.Workers(2) as some:
        print(sorted(set(some.map(test_workers.told, test_workers.MANY))))

if __name__ == "__main__":
    main("threads" in sys.argv)
"""
TOLD: list[str] = []


def told(number: int) -> str:
    return TOLD[0] if TOLD else "afresh"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every process is a fresh one")
@pytest.mark.parametrize(("threads", "expected"), [((), "by the parent"), (("threads",), "afresh")])
def test_a_process_without_threads_is_copied_and_any_other_is_started_afresh(
    threads: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    script = tmp_path / "run.py"
    script.write_text(FORKED, "utf-8")
    # a library of numbers with threads of its own may be loaded by what the tests import
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "error", str(script), *threads]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (done.stdout, done.stderr) == (f"['{expected}']\n", "")
