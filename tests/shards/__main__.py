"""Judges every statement of the tests' last run, and those of 1,000 random planned documents: `make shards`."""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from random import SystemRandom

from db.tables import METADATA

from .allowed import ALLOWED, permit_of
from .catalogue import catalogue_of
from .findings import Finding, Rule
from .judge import judge
from .planned import planned_statements
from .statements import Statement, read_statements

DOCUMENTS = 1000
SHARES = 8  # of the documents: the same ones for the same seed, however many processors there are
CATALOGUE = catalogue_of(METADATA)
LONGEST = 400  # characters of a statement that are printed; ALL=1 prints all of them

Judged = list[tuple[Statement, list[Finding]]]


def main() -> int:
    """0, or 1 if a statement may not be sent or an entry of the allow-list is of no use."""
    sent = read_statements()
    if not sent:
        print("No statements are recorded in var/shards: run the tests first (make test).", file=sys.stderr)
        return 1
    seed = os.environ.get("SEED") or str(SystemRandom().randrange(2**32))
    print(f"{len(sent)} statements of the tests and {DOCUMENTS} random documents (SEED={seed})")
    judged = _judged(sent) + judged_documents(seed)
    permits = {permit_of(each, finding) for each, found in judged for finding in found}
    refused = [
        (each, not_allowed)
        for each, found in judged
        if (not_allowed := [finding for finding in found if permit_of(each, finding) is None])
    ]
    unused = ALLOWED.keys() - permits
    _print_refused(refused)
    for entry in sorted(unused):
        print(f"Nobody needs the entry of the allow-list: {entry}")
    print(f"{len(judged) - len(refused)} statements are allowed, {len(refused)} are not.")
    return 1 if refused or unused else 0


def _judged(statements: Iterable[Statement]) -> Judged:
    """The statements that a cluster would not take, each text once."""
    distinct = {each.sql: each for each in statements}.values()
    return [(each, found) for each in distinct if (found := judge(each.sql, CATALOGUE))]


def judged_documents(seed: str) -> Judged:
    """On every processor: reading a planned statement takes about 10 ms."""
    with ProcessPoolExecutor() as pool:
        return [each for share in pool.map(_share, [f"{seed} {n}" for n in range(SHARES)]) for each in share]


def _share(seed: str) -> Judged:
    return _judged(planned_statements(DOCUMENTS // SHARES, seed))


def _print_refused(refused: Judged) -> None:
    by_rule: Mapping[Rule, list[tuple[Statement, list[Finding]]]] = defaultdict(list)
    for statement, found in refused:
        for rule in dict.fromkeys(each.rule for each in found):
            by_rule[rule].append((statement, found))
    longest = None if os.environ.get("ALL") else LONGEST
    for rule in (each for each in Rule if each in by_rule):
        print(f"\n{rule.name} ({len(by_rule[rule])}): {rule.value}")
        for statement, found in by_rule[rule]:
            details = Counter(each.detail for each in found if each.rule is rule)
            print(f"  {statement.place} as {statement.role}: {', '.join(details)}")
            print(f"    {' '.join(statement.sql.split())[:longest]}")


if __name__ == "__main__":
    sys.exit(main())
