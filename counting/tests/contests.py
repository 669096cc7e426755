"""Contests to count: small ones written out, the published ones, and random ones."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from counting import Contest, Count, Marks, read_blt

ELECTIONS = Path(__file__).parents[1] / "elections"


def make_contest(papers: Mapping[str, int], seats: int = 1, names: str = "", **changes: Any) -> Contest:
    """Candidates are letters: `{"AB": 3}` is three papers with first preference A, second B."""
    everybody = names or "".join(sorted({letter for paper in papers for letter in paper}))
    marks: dict[Marks, int] = {
        tuple(everybody.index(letter) for letter in paper): number for paper, number in papers.items()
    }
    return replace(Contest("Forum", seats, tuple(everybody), marks), **changes)


def elected(count: Count) -> str:
    """Who was elected, in order: the names one after the other."""
    return "".join(count.contest.names[each] for each in count.elected)


@cache
def published() -> Mapping[str, Any]:
    """What is known of the elections in elections, by file."""
    return dict(json.loads((ELECTIONS / "expected.json").read_text(encoding="utf-8")))


def published_contest(file: str) -> Contest:
    with (ELECTIONS / file).open("rb") as lines:
        return read_blt(lines)


def random_contest(random: Random, seats: int | None = None, small: bool = False) -> Contest:
    """Candidates of different strength, and papers with as many preferences as voters like."""
    size = random.randint(3, 5 if small else 7)
    strength = [random.uniform(0.3, 1) for _ in range(size)]
    papers: Counter[Marks] = Counter()
    for _ in range(random.randint(20, 80) if small else random.randint(30, 400)):
        order = sorted(range(size), key=lambda each: random.random() ** (1 / strength[each]), reverse=True)
        papers[tuple(order[: random.randint(1, size)])] += 1
    names = tuple(f"Candidate {number}" for number in range(size))
    return Contest("Random", seats or random.randint(1, min(4, size - 1)), names, papers)


@st.composite
def contests(draw: st.DrawFn, seats: int | None = None, longest: int | None = None) -> Contest:
    """Any contest: few papers and many ties, blank papers, papers that can't be read, withdrawals."""
    size = draw(st.integers(1, 6))
    mark = st.one_of(st.integers(0, size - 1), st.lists(st.integers(0, size - 1), max_size=2).map(_mark))
    clear = st.permutations(range(size)).flatmap(
        lambda order: st.integers(0, min(size, longest or size)).map(lambda length: tuple(order[:length]))
    )
    unclear = st.lists(mark, max_size=longest or size).map(tuple)
    papers = draw(st.dictionaries(st.one_of(clear, clear, clear, unclear), st.integers(1, 30), max_size=12))
    withdrawn = draw(st.sets(st.integers(0, size - 1), max_size=size - 1)) if draw(st.booleans()) else set()
    return Contest("Any", seats or draw(st.integers(1, 4)), tuple("ABCDEF"[:size]), papers, frozenset(withdrawn))


def _mark(shared: list[int]) -> int | tuple[int, ...]:
    return shared[0] if len(shared) == 1 else tuple(shared)
