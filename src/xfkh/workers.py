"""One function over many items, by several processes at a time: in order, and an item that kills its process costs
no other one its result."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, Self, TypeVar

ENOUGH = 64
"""Fewer items than this are done sooner than a process is started."""
CHUNK = 8
# Windows can wait for no more
MOST = 61
MEMORY = 3 * 2**30
"""The address space of a process, where the system lets it be limited."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True)
class Workers:
    """Up to ``jobs`` processes, started when there is enough to do and kept for the next use, until the ``with``
    ends. Functions and items travel to them by pickle: a function stands in a module, which each process loads."""

    jobs: int = 1
    _pool: ProcessPoolExecutor | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def start(self, module: str, items: int = MOST * CHUNK) -> None:
        """Start the processes that so many items will need, each to load a module, while this one is still getting
        ready itself."""
        count = min(self.jobs, MOST, -(-items // CHUNK)) if self.jobs > 1 else 0
        if count and self._pool is None and _forks():
            # loaded once for all
            import_module(module)
        for _ in range(count):
            self._started().submit(_load, module)

    def load(self, module: str) -> None:
        """Let the processes that are running load a further module while they have nothing to do."""
        if self._pool is not None:
            self.start(module)

    def map(
        self,
        function: Callable[[Item], Result],
        items: Sequence[Item],
        lost: Callable[[Item], Result] | None = None,
        enough: int = ENOUGH,
        seconds: float | None = None,
    ) -> Iterator[Result]:
        """The result of every item, in order, as they come; with several processes work starts at once.

        What the function raises is raised here. ``lost`` makes the result of an item that kills its process or takes
        more than ``seconds``; without it that is a BrokenProcessPool or a TimeoutError. Below ``enough`` items, or
        with one job, all is done in this process, and nothing is watched.
        """
        if self.jobs < 2 or len(items) < enough:
            return map(function, items)
        ready = self._started().submit(_load, function.__module__)
        chunks = [items[k : k + CHUNK] for k in range(0, len(items), CHUNK)]
        tasks = deque([self._submit(function, chunk) for chunk in chunks])
        return self._results(function, tasks, lost, seconds, ready)

    def cancel(self) -> None:
        """What is not begun is not done any more; returns when nothing is being done. Processes that do nothing end
        by themselves."""
        self._drop(wait=bool(getattr(self._pool, "_pending_work_items", True)))

    def _submit(self, function: Callable[[Item], Result], chunk: Sequence[Item]) -> _Task:
        pool = self._started()
        try:
            return _Task(chunk, pool, pool.submit(_each, function, chunk))
        except BrokenProcessPool:
            self._drop()
            return self._submit(function, chunk)

    def _results(
        self,
        function: Callable[[Item], Result],
        tasks: deque[_Task],
        lost: Callable[[Item], Result] | None,
        seconds: float | None,
        ready: Future[bool],
    ) -> Iterator[Result]:
        with contextlib.suppress(BrokenProcessPool):
            # a slow start is no slow item
            ready.result()
        while tasks:
            task = tasks.popleft()
            found: Iterable[Result]
            try:
                # the oldest task is always one that is being done
                found = task.future.result(seconds)
            except (BrokenProcessPool, TimeoutError):
                if task.pool is self._pool:
                    self._kill()
                lost_too = [each.pool is task.pool and not each.finished for each in tasks]
                tasks = deque(self._submit(function, each.chunk) if gone else each
                              for each, gone in zip(tasks, lost_too, strict=True))  # fmt: skip
                found = _alone(function, task.chunk, lost, seconds)
            yield from found

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = _processes(min(self.jobs, MOST))
        return self._pool

    def _kill(self) -> None:
        if self._pool is not None:
            _stop(self._pool)
        self._drop()

    def _drop(self, wait: bool = True) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=True)
            self._pool = None


def _processes(count: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, get_context("fork" if _forks() else "spawn"), _calm)


def _forks() -> bool:
    """Whether a process may be a copy of this one, which needs no start: on Linux, as long as this one has no other
    thread, whose locks a copy would keep closed. Else it is a fresh one."""
    try:
        return sys.platform == "linux" and sum(1 for _ in Path("/proc/self/task").iterdir()) == 1
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class _Task:
    chunk: Sequence[Any]
    pool: ProcessPoolExecutor
    future: Future[list[Any]]

    @property
    def finished(self) -> bool:
        """Whether its results are there."""
        return self.future.done() and not self.future.cancelled() and self.future.exception() is None


def _calm() -> None:
    """Looking for cycles among what lives a moment is a tenth of a process's work: it is done more rarely. To be
    interrupted is for the process that started this one, which it does not outlive."""
    gc.set_threshold(100_000, 50, 100)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _follow() -> None:
    """Ends this process when the one that started it is gone, however that ended: nobody waits for results."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _stop(pool: ProcessPoolExecutor) -> None:
    """Ends processes that would not end by themselves."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.kill()


def _load(module: str) -> bool:
    """Shows that a process starts; what it loads then is not on any item's time."""
    import_module(module)
    return True


def _each(function: Callable[[Item], Result], chunk: Sequence[Item]) -> list[Result]:
    return [function(item) for item in chunk]


def _alone(
    function: Callable[[Item], Result],
    chunk: Sequence[Item],
    lost: Callable[[Item], Result] | None,
    seconds: float | None,
) -> Iterator[Result]:
    """One item after the other in a process of its own: now it shows which one kills it, or takes too long."""
    waiting = deque(chunk)
    while waiting:
        with _processes(1) as pool:
            try:
                pool.submit(_load, function.__module__).result()
            except BrokenProcessPool:
                # no process starts here at all: nothing is wrong with the items
                yield from map(function, waiting)
                return
            try:
                while waiting:
                    yield pool.submit(function, waiting[0]).result(seconds)
                    waiting.popleft()
            except (BrokenProcessPool, TimeoutError):
                _stop(pool)
                if lost is None:
                    raise
                yield lost(waiting.popleft())
