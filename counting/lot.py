"""Drawing lots so that anybody can check it: by a seed that was committed to before voting closed.

Before voting closes the returning officer publishes `commitment_to(seed)`; after the count, the seed. Nobody can choose
the seed to suit the papers, and everybody can draw the same order again.
"""

from collections.abc import Iterable
from hashlib import sha256

from .contest import CountRefused, Fault


def commitment_to(seed: str) -> str:
    """What is published before the close: the SHA-256 of the seed. A seed needs 16 random bytes or more to stay secret."""
    return sha256(seed.encode()).hexdigest()


def check_seed(seed: str, commitment: str) -> None:
    """Faults: SEED_WRONG."""
    if commitment_to(seed) != commitment:
        raise CountRefused(Fault.SEED_WRONG)


def draw(seed: str, names: Iterable[str]) -> list[str]:
    """The names in the order drawn: by the SHA-256 of seed and name, so however they were listed."""
    return sorted(names, key=lambda name: sha256(f"{seed}\n{name}".encode()).digest())
