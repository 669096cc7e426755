"""Random documents of our schema."""

from collections.abc import Sequence
from random import Random

from planner.testing import RandomDocument
from schema.build import REGISTRY

VALUES = {
    "urn": (118365, 118663, 143329, 1),
    "number": (1, 2, 3, 1000),
    "name": ("Canary", "an", "Zoë", "x' or true --"),
    "finding": ("NAME_MISSING", "SEEN_BEFORE"),
    "Date": ("2020-01-01", "2026-09-01", "2100-01-01"),
    "DateTime": ("2020-01-01T00:00:00Z", "2100-01-01T00:00:00+01:00"),
}
# conditions of lists that are ids of one type; another id is refused
POINTING = {"constituency": "cst", "school": "sch", "person": "per", "member": "mem"}


def random_document(random: Random, ids: Sequence[str]) -> RandomDocument:
    pointing = {name: [each for each in ids if each.startswith(f"{prefix}_")] for name, prefix in POINTING.items()}
    return RandomDocument(REGISTRY, random, ids, {**VALUES, **pointing})
