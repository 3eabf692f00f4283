"""One function over many items, by several processes at a time: in order, and an item that kills its process costs
no other one its result."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import get_context
from typing import Any, Self, TypeVar

ENOUGH = 64
"""Fewer items than this are done sooner than a process is started."""
CHUNK = 8
# Windows can wait for no more
MOST = 61
# a fresh process each: the same on every system, and no fork of a process that has threads
_PROCESSES = get_context("spawn")

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

    def start(self, module: str) -> None:
        """Start the processes now, each to load a module, while this one is still getting ready itself."""
        for _ in range(min(self.jobs, MOST) if self.jobs > 1 else 0):
            self._started().submit(import_module, module)

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
    ) -> Iterator[Result]:
        """The result of every item, in order, as they come; with several processes work starts at once.

        What the function raises is raised here. ``lost`` makes the result of an item that kills its process; without
        it that is a BrokenProcessPool. Below ``enough`` items, or with one job, all is done in this process.
        """
        if self.jobs < 2 or len(items) < enough:
            return map(function, items)
        chunks = [items[k : k + CHUNK] for k in range(0, len(items), CHUNK)]
        return self._results(function, deque([self._submit(function, chunk) for chunk in chunks]), lost)

    def _submit(self, function: Callable[[Item], Result], chunk: Sequence[Item]) -> _Task:
        pool = self._started()
        try:
            return _Task(chunk, pool, pool.submit(_each, function, chunk))
        except BrokenProcessPool:
            self._drop()
            return self._submit(function, chunk)

    def _results(
        self, function: Callable[[Item], Result], tasks: deque[_Task], lost: Callable[[Item], Result] | None
    ) -> Iterator[Result]:
        while tasks:
            task = tasks.popleft()
            found: Iterable[Result]
            try:
                found = task.future.result()
            except BrokenProcessPool:
                if task.pool is self._pool:
                    self._drop()
                tasks = deque(each if each.usable else self._submit(function, each.chunk) for each in tasks)
                found = _alone(function, task.chunk, lost)
            yield from found

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(min(self.jobs, MOST), _PROCESSES, _calm)
        return self._pool

    def _drop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


@dataclass(frozen=True, slots=True)
class _Task:
    chunk: Sequence[Any]
    pool: ProcessPoolExecutor
    future: Future[list[Any]]

    @property
    def usable(self) -> bool:
        """Whether its results are there, or still to come."""
        return not self.future.done() or not isinstance(self.future.exception(), BrokenProcessPool)


def _calm() -> None:
    """Looking for cycles among what lives a moment is a tenth of a process's work: it is done more rarely."""
    gc.set_threshold(100_000, 50, 100)


def _ready() -> bool:
    """Shows that a process starts."""
    return True


def _each(function: Callable[[Item], Result], chunk: Sequence[Item]) -> list[Result]:
    return [function(item) for item in chunk]


def _alone(
    function: Callable[[Item], Result], chunk: Sequence[Item], lost: Callable[[Item], Result] | None
) -> Iterator[Result]:
    """One item after the other in a process of its own: now it shows which one kills it."""
    waiting = deque(chunk)
    while waiting:
        with ProcessPoolExecutor(1, _PROCESSES) as pool:
            try:
                pool.submit(_ready).result()
            except BrokenProcessPool:
                # no process starts here at all: nothing is wrong with the items
                yield from map(function, waiting)
                return
            try:
                while waiting:
                    yield pool.submit(function, waiting[0]).result()
                    waiting.popleft()
            except BrokenProcessPool:
                if lost is None:
                    raise
                yield lost(waiting.popleft())
