"""What goes wrong in the worker: what stops what."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from db.connection import BUSY, RETRIED, UNAVAILABLE
from domain.refusals import Refusal

log = logging.getLogger("folkmoot.worker")
UNREACHABLE: tuple[type[Exception], ...] = (
    *UNAVAILABLE,
    *BUSY,
    *RETRIED,
)  # it may go better another time; any other error is of what is done


@contextmanager
def apart(doing: str, **whose: str) -> Iterator[None]:
    """What goes wrong inside is logged and stops nothing after it, unless the database can't be reached: UNREACHABLE."""
    try:
        yield
    except UNREACHABLE:
        raise
    except Exception as error:
        log.error({**whose, "doing": doing, "failure": type(error).__name__})


@contextmanager
def put_off() -> Iterator[None]:
    """What can't be done now is logged, and done another time."""
    try:
        yield
    except UNREACHABLE as error:
        log.warning({"failure": type(error).__name__, "message": "the database does not answer; trying again"})
    except Refusal as refusal:
        log.warning({"failure": refusal.code.value, "message": "somebody else was faster"})
