"""The declaration pack: the published result of a contest with its evidence (rule 16a).

What a pack holds is said in docs/declaration.schema.json, by its version. One that was declared is never changed, so
those of every version are read for ever; those of the first say no version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from counting import ResolutionCount, report

from ..polls.contest import Contest
from ..polls.poll import Poll
from ..privacy.small_groups import suppress_small_groups

VERSION = 2


@dataclass(frozen=True, slots=True)
class ContestFigures:
    """What is known of a contest after its poll has closed. `issued` and `returned` are per constituency."""

    issued: Mapping[str, int]
    returned: Mapping[str, int]
    receipts: Sequence[str]
    papers: Sequence[str]


def declaration_pack(
    poll: Poll, contest: Contest, count: ResolutionCount, figures: ContestFigures, small_group: int, small_roll: int
) -> dict[str, Any]:
    """The pack as JSON values: two unlinked lists of equal length, receipts sorted and papers grouped by content.

    Sorting both leaves nothing of the order they came in. Turnout of groups under `small_group` is hidden, and so
    are the totals of a contest with fewer than `small_roll` entitled: the outcome alone is published then.
    """
    issued, returned = sum(figures.issued.values()), sum(figures.returned.values())
    too_small = issued < small_roll
    shown = suppress_small_groups(figures.issued, small_group)
    papers = sorted(figures.papers)
    return {
        "version": VERSION,
        "poll": {"id": str(poll.id), "title": poll.title},
        "contest": {
            "id": str(contest.id),
            "title": contest.title,
            "kind": contest.kind.value,
            "resolution": contest.resolution,
            "resolutionKind": contest.resolution_kind.value,
        },
        "method": "RESOLUTION",
        "majority": str(count.majority),
        "quorate": count.quorate,
        "rollHash": contest.roll_hash,
        "issued": issued,
        "returned": returned,
        "valid": count.count.valid,
        "rejected": sum(count.count.rejected.values()),
        "totals": None if too_small else {choice.value: number for choice, number in count.totals.items()},
        "count": None if too_small else report(count.count),
        "outcome": count.outcome.value,
        "turnout": [
            {
                "constituency": constituency,
                "issued": shown[constituency],
                "returned": None if shown[constituency] is None else figures.returned.get(constituency, 0),
            }
            for constituency in sorted(figures.issued)
        ],
        "receipts": sorted(figures.receipts),
        "papers": None if too_small else papers,
        "ballotBoxHash": None if too_small else sha256("\n".join(papers).encode()).hexdigest(),
        "smallRollWarning": too_small,
    }
