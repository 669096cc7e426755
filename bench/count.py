"""Counting 100,000 papers, against pyrankvote on the same papers.

The count alone: papers are read and found valid before, as pyrankvote does when its ballots are made.
"""

import gc
import random
import statistics
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pyrankvote
from rich.console import Console
from rich.table import Table

from counting.contest import Contest, Marks
from counting.methods.ers97 import count_ers97
from counting.methods.meek import count_meek
from counting.methods.schulze import count_schulze
from counting.methods.scottish import count_scottish
from counting.papers import ranked_papers

PAPERS, CANDIDATES, SEATS = 100_000, 12, 5
ROUNDS = 5
MULTIPLIED = 1_000  # times each paper, to see that memory does not grow with identical ones
SEED = "of the bench"


def a_contest() -> Contest:
    """Candidates of different strength; a third of the papers rank everybody."""
    source = random.Random(SEED)
    strength = [source.uniform(0.2, 1) for _ in range(CANDIDATES)]
    papers: Counter[Marks] = Counter()
    for _ in range(PAPERS):
        order = sorted(range(CANDIDATES), key=lambda each: source.random() ** (1 / strength[each]), reverse=True)
        papers[tuple(order[: min(source.randint(1, CANDIDATES * 3 // 2), CANDIDATES)])] += 1
    return Contest("Bench", SEATS, tuple(f"Candidate {number}" for number in range(CANDIDATES)), papers)


def bench_counting(console: Console) -> None:
    """Prints seconds, ratios and memory."""
    contest = a_contest()
    valid = ranked_papers(contest)
    acts: dict[str, Callable[[], object]] = {
        "pyrankvote, STV": _theirs(contest),
        "Scottish": partial(count_scottish, contest, valid, SEED),
        "ERS97": partial(count_ers97, contest, valid, SEED),
        "Meek": partial(count_meek, contest, valid, SEED),
        "Schulze": partial(count_schulze, contest, valid, SEED),
        "sorting out the valid papers": partial(ranked_papers, contest),
    }
    rounds = [{name: _seconds(act) for name, act in acts.items()} for _ in range(ROUNDS)]
    seconds = {name: [times[name] for times in rounds] for name in acts}
    reference = statistics.median(seconds["pyrankvote, STV"])
    table = Table(
        "counting", "seconds", "pyrankvote / it", title=f"{PAPERS:,} papers, {CANDIDATES} candidates, {SEATS} seats"
    )
    for name, times in seconds.items():
        median = statistics.median(times)
        table.add_row(name, f"{median:.3f}", f"{reference / median:.1f}")
    console.print(table)
    once = _peak(contest)
    papers = {marks: number * MULTIPLIED for marks, number in contest.papers.items()}
    often = _peak(replace(contest, papers=papers))
    console.print(
        f"Memory of the Scottish count: {once / 1e6:.1f} MB; of each paper {MULTIPLIED:,} times: {often / once:.3f} of it"
    )


def _theirs(contest: Contest) -> Callable[[], object]:
    candidates = [pyrankvote.Candidate(name) for name in contest.candidates]
    ballots = [
        pyrankvote.Ballot([candidates[each] for each in marks if isinstance(each, int)])
        for marks, number in contest.papers.items()
        for _ in range(number)
    ]
    return lambda: pyrankvote.single_transferable_vote(candidates, ballots, SEATS)


def _seconds(act: Callable[[], object]) -> float:
    gc.collect()
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def _peak(contest: Contest) -> int:
    """Bytes allocated at most while it is counted."""
    valid = ranked_papers(contest)
    gc.collect()
    tracemalloc.start()
    count_scottish(contest, valid, SEED)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
