"""The part of pytest that records: one file of statements for each worker, begun afresh by each run."""

import os
from collections.abc import Iterator

import pytest

from .statements import FOLDER, recorded

WORKER = "PYTEST_XDIST_WORKER"


def pytest_configure() -> None:
    """Whoever starts the workers throws away what an earlier run has left."""
    if WORKER not in os.environ:
        for file in FOLDER.glob("statements-*.jsonl"):
            file.unlink()


@pytest.fixture(scope="session", autouse=True)
def statements_are_recorded() -> Iterator[None]:
    with recorded(FOLDER / f"statements-{os.environ.get(WORKER, 'main')}.jsonl"):
        yield
