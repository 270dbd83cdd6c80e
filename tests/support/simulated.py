"""Processes on a simulated clock: they take turns, and waiting costs nothing."""

import threading
from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush
from itertools import count
from typing import Any, Self


class Clock:
    """Of all processes, only the one whose time has come runs; when it waits, the next one does."""

    def __init__(self) -> None:
        self.now = 0.0
        self._waiting: list[tuple[float, int, threading.Lock]] = []
        self._order = count()

    def sleep(self, seconds: float) -> None:
        """Let this process wait."""
        baton = self._baton(self.now + seconds)
        self._next()
        baton.acquire()

    def start(self, work: Callable[[], object]) -> "Process":
        """Begin a process; it runs when this one waits."""
        return Process(self, work)

    def run(self, work: Callable[[], object]) -> None:
        """Run a process, and all that it starts and waits for, to its end. Raises what it raises."""
        process = self.start(work)
        self._next()
        process.thread.join()
        if process.error is not None:
            raise process.error

    def _baton(self, at: float) -> threading.Lock:
        baton = threading.Lock()
        baton.acquire()
        heappush(self._waiting, (at, next(self._order), baton))
        return baton

    def _next(self) -> None:
        if self._waiting:
            at, _, baton = heappop(self._waiting)
            self.now = max(self.now, at)
            baton.release()


class Process:
    """Some work with a turn of its own."""

    def __init__(self, clock: Clock, work: Callable[[], object]) -> None:
        self.error: BaseException | None = None
        self._clock, self._work = clock, work
        self._joining: list[threading.Lock] = []
        self._ended = False
        self._baton = clock._baton(clock.now)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def join(self) -> None:
        """Let the process that calls this wait for the end of this one. Raises what it raised."""
        if not self._ended:
            baton = threading.Lock()
            baton.acquire()
            self._joining.append(baton)
            self._clock._next()
            baton.acquire()
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        self._baton.acquire()
        try:
            self._work()
        except BaseException as error:
            self.error = error
        self._ended = True
        for baton in self._joining:
            heappush(self._clock._waiting, (self._clock.now, next(self._clock._order), baton))
        self._clock._next()


class Pool:
    """A pool of threads whose threads are simulated processes."""

    def __init__(self, clock: Clock, workers: int) -> None:
        self._clock, self._workers = clock, workers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        waiting = list(enumerate(items))[::-1]
        results: dict[int, Any] = {}

        def worker() -> None:
            while waiting:
                place, item = waiting.pop()
                results[place] = work(item)

        for process in [self._clock.start(worker) for _ in range(min(self._workers, len(waiting)))]:
            process.join()
        return iter([results[place] for place in sorted(results)])
