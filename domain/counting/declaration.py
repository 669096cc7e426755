"""The declaration pack: the published result with its evidence (rule 16a)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from counting import ResolutionCount, report

from ..privacy.small_groups import suppress_small_groups


@dataclass(frozen=True, slots=True)
class PollFigures:
    """What is known of a closed poll before it is declared. `issued` and `returned` are per constituency."""

    roll_hash: str
    issued: Mapping[str, int]
    returned: Mapping[str, int]
    receipts: Sequence[str]
    papers: Sequence[str]


def declaration_pack(count: ResolutionCount, poll: PollFigures, small_group: int, small_roll: int) -> dict[str, Any]:
    """The pack as JSON values: two unlinked lists of equal length, receipts sorted and papers grouped by content.

    Sorting both leaves nothing of the order they came in. Turnout of groups under `small_group` is hidden, and so
    are the totals of a poll with fewer than `small_roll` entitled: the outcome alone is published then.
    """
    issued, returned = sum(poll.issued.values()), sum(poll.returned.values())
    too_small = issued < small_roll
    shown = suppress_small_groups(poll.issued, small_group)
    papers = sorted(poll.papers)
    return {
        "method": "RESOLUTION",
        "majority": str(count.majority),
        "quorate": count.quorate,
        "rollHash": poll.roll_hash,
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
                "returned": None if shown[constituency] is None else poll.returned.get(constituency, 0),
            }
            for constituency in sorted(poll.issued)
        ],
        "receipts": sorted(poll.receipts),
        "papers": None if too_small else papers,
        "ballotBoxHash": None if too_small else sha256("\n".join(papers).encode()).hexdigest(),
        "smallRollWarning": too_small,
    }
