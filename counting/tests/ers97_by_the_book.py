"""ERS97 counted a second time, by somebody who has read the rules and not our code.

No counter of ERS97 is on PyPI. This one was written from the text of sections 4 to 6 alone, without looking at
the rest of `counting`, so that a rule misread there shows here: keep it apart, and change it only by the booklet. Amounts are
whole hundredths of a vote; the numbers of paragraphs are the rules'.
"""

# mypy: ignore-errors

from collections.abc import Callable, Mapping
from typing import Any


def count(
    candidates: int, seats: int, papers: Mapping[Any, int], lot: Callable[[list[int], bool], int]
) -> dict[str, Any]:
    n = candidates
    total = 100 * sum(papers.values())  # 6.21
    votes = [0] * n
    non_transferable = 0
    # batches[c]: bundles (value, {ranking: papers}) in the order received, one per transfer (6.1)
    batches = [[] for _ in range(n)]
    continuing = set(range(n))
    elected = []
    to_transfer = []  # elected candidates whose surplus was not transferred yet
    stages = []
    lots = 0

    def vacancies():
        return seats - len(elected)

    def compute_quota():  # 5.1.6, 5.4.8
        q, r = divmod(total - non_transferable, seats + 1)
        return q + (r > 0)

    def history(c):
        return tuple(s["votes"][c] for s in stages)

    def draw(tied, for_exclusion):
        nonlocal lots
        tied = sorted(tied)
        if len(tied) == 1:
            return tied[0]
        lots += 1
        chosen = lot(list(tied), for_exclusion)
        assert chosen in tied
        return chosen

    def next_preference(ranking):  # 6.10
        for c in ranking:
            if c in continuing:
                return c
        return None

    def sort_papers(bundle):
        piles, exhausted = {}, 0
        for ranking, number in bundle.items():
            c = next_preference(ranking)
            if c is None:
                exhausted += number
            else:
                pile = piles.setdefault(c, {})
                pile[ranking] = pile.get(ranking, 0) + number
        return piles, exhausted

    def credit(piles, value):
        moved = 0
        for c, pile in piles.items():
            amount = value * sum(pile.values())
            batches[c].append((value, pile))
            votes[c] += amount
            moved += amount
        return moved

    def active_vote():  # 6.20, 5.6.1
        return total - non_transferable - sum(min(votes[c], quota) for c in elected)

    def active_vote_direct(waiting):  # 6.20 literally, as a cross-check
        return (
            sum(votes[c] for c in continuing)
            + sum(votes[c] - quota for c in elected if votes[c] > quota)
            + sum(votes[c] for c in waiting)
        )

    def elect(c):
        continuing.remove(c)
        elected.append(c)
        stages[-1]["elected"].append(c)
        if votes[c] > quota:
            to_transfer.append(c)

    def reaches(v):  # 5.1.7, 5.3.13, 5.4.9
        if v >= quota and v > 0:
            return True
        active = active_vote()
        return active > 0 and v * (vacancies() + 1) >= active

    def end_stage(waiting=(), everybody=False):
        """Record the votes; deem candidates elected."""
        assert sum(votes) + non_transferable == total
        stages.append({"votes": list(votes), "non_transferable": non_transferable, "quota": quota, "elected": []})
        if everybody:
            for c in sorted(continuing, key=lambda c: (-votes[c], c)):
                elect(c)
            return
        for v in sorted({votes[c] for c in continuing}, reverse=True):
            if vacancies() == 0:
                break
            group = sorted(c for c in continuing if votes[c] == v)
            if not group:
                continue
            assert active_vote() == active_vote_direct(waiting)
            if not reaches(v):
                break  # lower votes cannot reach it either
            if len(group) <= vacancies():
                for c in group:
                    if reaches(v):  # reconsidered after each candidate
                        elect(c)
            else:  # 5.6.2
                classes = {}
                for c in group:
                    classes.setdefault(history(c), []).append(c)
                for h in sorted(classes, reverse=True):
                    if len(classes[h]) > vacancies():
                        break  # equal at all points: none of them
                    for c in classes[h]:
                        if reaches(v):
                            elect(c)
                # Nobody below a class which was not elected may overtake it
                break

    def could_exclude(surpluses):
        """Largest k so that the k lowest can be excluded together (5.2.5), or 0."""
        order = sorted(votes[c] for c in continuing)
        best = 0
        for k in range(1, len(order)):
            if len(order) - k >= vacancies() and sum(order[:k]) + surpluses <= order[k]:
                best = k
        return best

    def choose_excluded(k):
        """The k candidates with the fewest votes, ties as in 5.2.5."""
        chosen, left = [], set(continuing)
        while len(chosen) < k:
            room = k - len(chosen)
            fewest = min(votes[c] for c in left)
            tied = [c for c in left if votes[c] == fewest]
            if len(tied) > room:
                # narrow the group point by point
                lowest = min(history(c) for c in tied)
                tied = [c for c in tied if history(c) == lowest]
                if len(tied) > room:
                    tied = [draw(tied, True)]
            for c in sorted(tied):
                chosen.append(c)
                left.remove(c)
        return chosen

    def transfer_surplus():  # 5.2.3, 5.3
        nonlocal non_transferable
        largest = max(votes[c] for c in to_transfer)  # same quota, so largest surplus
        tied = [c for c in to_transfer if votes[c] == largest]
        greatest = max(history(c) for c in tied)
        c = draw([t for t in tied if history(t) == greatest], False)
        to_transfer.remove(c)
        surplus = votes[c] - quota
        value, bundle = batches[c].pop()  # 5.3.1, 5.3.2
        piles, _ = sort_papers(bundle)
        number = sum(sum(p.values()) for p in piles.values())
        if number * value > surplus:  # 5.3.7
            value = surplus // number
        moved = credit(piles, value)
        votes[c] = quota
        non_transferable += surplus - moved  # 6.11
        end_stage()

    def exclude(group):  # 5.4
        nonlocal non_transferable, quota
        for c in group:
            continuing.remove(c)
        values = sorted({value for c in group for value, _ in batches[c]}, reverse=True)
        if not values:
            end_stage(group)
            return
        for value in values:
            bundle = {}
            for c in group:
                for v, pile in batches[c]:
                    if v == value:
                        for ranking, number in pile.items():
                            bundle[ranking] = bundle.get(ranking, 0) + number
                            votes[c] -= value * number
                batches[c] = [b for b in batches[c] if b[0] != value]
            piles, exhausted = sort_papers(bundle)
            credit(piles, value)
            non_transferable += value * exhausted
            if not elected:  # 5.4.8
                quota = compute_quota()
            end_stage(group)
            if vacancies() == 0:  # 5.5.2
                return
        assert all(votes[c] == 0 for c in group)

    # First stage (5.1)
    quota = compute_quota()
    piles, blank = sort_papers({r: k for r, k in papers.items() if k})
    assert blank == 0
    credit(piles, 100)
    end_stage(everybody=n <= seats)

    # Subsequent stages (5.2)
    while vacancies() > 0 and continuing:
        assert len(continuing) > vacancies()
        surpluses = sum(votes[c] - quota for c in to_transfer)
        k = could_exclude(surpluses)
        if surpluses > 0 and k == 0:  # 5.2.2: not deferred
            transfer_surplus()
            continue
        assert k >= 1
        group = choose_excluded(k)
        if len(continuing) - k == vacancies():  # 5.5.1
            continuing.difference_update(group)
            end_stage(everybody=True)
            break
        exclude(group)

    return {"elected": elected, "stages": stages, "lots": lots}
