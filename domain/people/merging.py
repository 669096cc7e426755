"""Two records of one person (rules 3d and 3g): whether they may become one, and whether they may be two again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..refusals import Conflict, Invalid, Refusal, RefusalCode, refuse_all


@dataclass(frozen=True, slots=True)
class Record:
    """One of the two, with what has to be known of it."""

    id: UUID
    born: date | None
    died_on: date | None
    merged_into: UUID | None
    holds_role: bool
    is_on_open_roll: bool


def check_two(kept: UUID, merged: UUID) -> None:
    """Refusals: SAME_RECORD."""
    if kept == merged:
        raise Invalid(RefusalCode.SAME_RECORD, field="merged_id")


def check_mergeable(kept: Record, merged: Record, are_family: bool) -> None:
    """Whether nothing stands against it; `are_family`: one answers, or answered, for the other, or is their parent or kin.

    Dead is who both records say has died, on the same day. A roll that is frozen is not changed: whoever is on one goes on
    under that record, and of two on one only the end of the poll makes one. Refusals, all at once: RECORD_MERGED,
    PEOPLE_DIFFER, ROLE_HELD, ON_OPEN_ROLL.
    """
    refusals: list[Refusal] = [
        Conflict(RefusalCode.RECORD_MERGED, field=field)
        for field, each in (("kept_id", kept), ("merged_id", merged))
        if each.merged_into is not None
    ]
    if kept.born and merged.born and kept.born != merged.born:
        refusals.append(Conflict(RefusalCode.PEOPLE_DIFFER, "Their dates of birth differ: correct one.", "merged_id"))
    if kept.died_on != merged.died_on:
        refusals.append(Conflict(RefusalCode.PEOPLE_DIFFER, "One has died, the other not so.", "merged_id"))
    if are_family:
        refusals.append(Conflict(RefusalCode.PEOPLE_DIFFER, "One is the other's guardian or kin.", "merged_id"))
    if merged.holds_role:
        refusals.append(Conflict(RefusalCode.ROLE_HELD, field="merged_id"))
    if merged.is_on_open_roll:
        refusals.append(Conflict(RefusalCode.ON_OPEN_ROLL, field="merged_id"))
    refuse_all(refusals)


def check_distinct(others: Sequence[UUID], why_distinct: str | None) -> None:
    """Whether somebody may become a member whom these `others` on record look the same as (rule 3d). Refusals: LOOKS_THE_SAME,
    with who they are."""
    if others and why_distinct is None:
        people = " ".join(f"per_{each}" for each in others)
        raise Conflict(RefusalCode.LOOKS_THE_SAME, field="why_distinct", people=people)


def check_undoable(kept: Record, merged: Record, is_erased: bool, votes_by_theirs: bool) -> None:
    """Whether two can be made of one again; `votes_by_theirs`: by a membership that would go back somebody is on the roll of
    a poll that is not over. Refusals: MERGE_STANDS."""
    reasons = {
        "The person was erased.": is_erased,
        "The kept record has become part of another since: undo that first.": kept.merged_into is not None,
        "The person has died since.": kept.died_on != merged.died_on,
        "The kept record votes by a membership of the other in a poll that is not over.": votes_by_theirs,
    }
    for message, is_so in reasons.items():
        if is_so:
            raise Conflict(RefusalCode.MERGE_STANDS, message, "id")
