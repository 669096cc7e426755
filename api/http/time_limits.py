"""Time limits that every request runs under."""

import asyncio
from types import TracebackType
from typing import Self


class TimeLimit:
    """So many `seconds` for each of many: `with limit():` raises TimeoutError in the task that takes longer.

    As `asyncio.timeout`, whose timer for each cost a fifth of a small read (measured): who all have equally long run out in
    the order they began in, so one timer, of the first, is enough.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.loop = asyncio.get_running_loop()
        self._running: dict[_Run, None] = {}  # in the order of their ends
        self._timer: asyncio.TimerHandle | None = None

    def __call__(self) -> "_Run":
        return _Run(self)

    def begin(self, run: "_Run") -> None:
        self._running[run] = None
        if self._timer is None:
            self._timer = self.loop.call_at(run.ends_at, self._look)

    def end(self, run: "_Run") -> None:
        self._running.pop(run, None)

    def _look(self) -> None:
        """Ends what has run out, and looks again when the next one does."""
        self._timer = None
        now = self.loop.time()
        while self._running:
            first = next(iter(self._running))
            if first.ends_at > now:
                self._timer = self.loop.call_at(first.ends_at, self._look)
                return
            del self._running[first]
            first.run_out()


class _Run:
    """Of one task under the limit."""

    __slots__ = ("_cancelling", "_has_run_out", "_limit", "_task", "ends_at")

    def __init__(self, limit: TimeLimit) -> None:
        self._limit = limit
        self._has_run_out = False

    def __enter__(self) -> Self:
        task = asyncio.current_task(self._limit.loop)
        assert task is not None, "only a task can be ended"
        self._task, self._cancelling = task, task.cancelling()
        self.ends_at = self._limit.loop.time() + self._limit.seconds
        self._limit.begin(self)
        return self

    def run_out(self) -> None:
        self._has_run_out = True
        self._task.cancel()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._limit.end(self)
        # somebody else may have cancelled the task meanwhile: that goes on
        if self._has_run_out and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error
