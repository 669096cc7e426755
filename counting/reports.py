"""A count as a document: what is published, and what anybody compares a recount with."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from .count import Count, Stage
from .lot import commitment_to
from .papers import RejectionHeading
from .sentences import stage_sentence, stage_title
from .text import neutralised


def report(count: Count, seed: str | None = None) -> dict[str, Any]:
    """The count as JSON values; votes are exact decimal texts. `seed` is what lots were drawn from, if any were."""
    names = count.contest.names
    return {
        "rule": count.method.value.lower(),
        "title": count.contest.title,
        "seats": count.contest.seats,
        "candidates": [names[each] for each in count.contest.standing],
        "withdrawn": [names[each] for each in sorted(count.contest.withdrawn)],
        "quota": None if count.quota is None else count.text(count.quota),
        "valid": count.valid,
        "blank": count.rejected.get(RejectionHeading.UNMARKED, 0),
        "rejected": {heading.value: number for heading, number in sorted(count.rejected.items())},
        "elected": [names[each] for each in count.elected],
        "remark": None if count.remark is None else count.remark.value,
        "reserved": [
            {
                "name": group.name,
                "number": group.number,
                "candidates": [names[each] for each in sorted(group.candidates)],
            }
            for group in count.contest.reserved
        ],
        "lot": {"seed": seed, "commitment": commitment_to(seed)} if seed is not None and _drew_lots(count) else None,
        "stages": [_stage(count, stage) for stage in count.stages],
        "comparisons": [
            {
                "first": names[each.first],
                "second": names[each.second],
                "prefer_first": each.prefer_first,
                "prefer_second": each.prefer_second,
                "path_from_first": each.path_from_first,
                "path_from_second": each.path_from_second,
            }
            for each in count.comparisons
        ],
    }


def _drew_lots(count: Count) -> bool:
    return any(tie.lot for stage in count.stages for tie in stage.ties)


def _stage(count: Count, stage: Stage) -> dict[str, Any]:
    names = count.contest.names
    return {
        "stage": stage.number,
        "event": stage_title(count, stage),
        "kind": stage.event.value,
        "sentence": stage_sentence(count, stage),
        "quota": None if stage.quota is None else count.text(stage.quota),
        "votes": {names[each]: count.text(stage.votes[each]) for each in count.contest.standing},
        "non_transferable": count.text(stage.non_transferable),
        "exhausted": count.text(stage.exhausted),
        "lost": count.text(stage.lost),
        "elected": [names[each] for each in stage.elected],
        "transfers": [
            {
                "source": names[each.source],
                "target": None if each.target is None else names[each.target],
                "papers": each.papers,
                "value": count.text(each.value),
                "votes": count.text(each.votes),
            }
            for each in stage.transfers
        ],
        "ties": [
            {
                "candidates": [names[each] for each in tie.candidates],
                "chosen": names[tie.chosen],
                "for_exclusion": tie.for_exclusion,
                "stage": tie.stage,
                "lot": tie.lot,
            }
            for tie in stage.ties
        ],
    }


def report_csv(count: Count) -> str:
    """The table of stages for a spreadsheet: a line a candidate, a column a stage."""
    names = count.contest.names
    text = io.StringIO()
    writer = csv.writer(text)

    def line(first: str, cells: Iterable[str]) -> None:
        writer.writerow(map(neutralised, [first, *cells]))

    line("Candidate", [f"{stage.number}. {stage_title(count, stage)}" for stage in count.stages])
    for candidate in count.contest.standing:
        line(names[candidate], [count.text(stage.votes[candidate]) for stage in count.stages])
    line("Non-transferable", [count.text(stage.non_transferable) for stage in count.stages])
    line("Quota", ["" if stage.quota is None else count.text(stage.quota) for stage in count.stages])
    line("Elected", [", ".join(names[each] for each in stage.elected) for stage in count.stages])
    return text.getvalue()
