"""Each job of the worker goes round in a loop of its own, whatever happens to it and to the others."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from db.connection import BUSY, RETRIED, UNAVAILABLE
from domain.refusals import Refusal, failure_code

log = logging.getLogger("folkmoot.worker")
LONGEST_REST = 60.0  # seconds
# it may go better another time, or somebody else was faster; anything else is a mistake of ours
PUT_OFF: tuple[type[Exception], ...] = (*UNAVAILABLE, *BUSY, *RETRIED, Refusal)


class Failures:
    """How often in a row a job has failed, as a whole or for one of those it works for, and until when that rests.

    It rests a second, then twice as long each time, so never longer than it has been out of order, and a minute at most.
    """

    def __init__(self, job: str) -> None:
        self._job = job
        self._in_a_row: dict[tuple[str, ...], int] = {}
        self._rests_until: dict[tuple[str, ...], float] = {}

    def rest(self, **whose: str) -> float:
        """For how many seconds it is still left alone."""
        return max(0.0, self._rests_until.get(tuple(whose.values()), 0.0) - time.monotonic())

    @contextmanager
    def counted(self, **whose: str) -> Iterator[None]:
        """What goes wrong inside is logged, counted and kept from everything else; what goes well ends the row."""
        key = tuple(whose.values())
        try:
            yield
        except Exception as error:
            times = self._in_a_row[key] = self._in_a_row.get(key, 0) + 1
            rest = min(2.0 ** min(times - 1, 10), LONGEST_REST)
            self._rests_until[key] = time.monotonic() + rest
            level = logging.WARNING if isinstance(error, PUT_OFF) else logging.ERROR
            log.log(level, {"job": self._job, **whose, "failure": failure_code(error), "in_a_row": times})
        else:
            self._in_a_row.pop(key, None)
            self._rests_until.pop(key, None)


@dataclass(frozen=True, slots=True)
class Job:
    """`look` does what is due. It counts apart what it does for each trust, so that one keeps no other waiting."""

    name: str
    look: Callable[[Failures], Awaitable[object]]
    pause: float = 0.5  # seconds between looks


async def supervise(job: Job, stopped: asyncio.Event) -> None:
    """Looks again and again until the worker stops."""
    failures = Failures(job.name)
    while not stopped.is_set():
        with failures.counted():
            await job.look(failures)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), max(job.pause, failures.rest()))
