"""Two records of one person become one, and two again (rules 3d and 3g)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from db.consultations.responses import count_again, hold_answers
from db.governance.rulesets import ruleset_in_force
from db.identity.roles import holds_a_role
from db.identity.sessions import end_sessions_of
from db.membership import memberships
from db.people import guardians, merges
from db.people.merges import PersonRecord
from db.polls import roll
from db.privacy import merging
from db.privacy.merging import Changes
from db.register.lines import add_line
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.governance.rulesets import Ruleset
from domain.identity.viewer import Role, Viewer, holder_of
from domain.membership.eligibility import check_plurality
from domain.membership.lifecycle import APPLICATION, CURRENT, Membership, MembershipStatus
from domain.people.merging import Record, check_mergeable, check_two, check_undoable
from domain.refusals import Conflict, NotFound, Refusal, RefusalCode
from domain.refusals import kept as collected
from domain.register.lines import RegisterChange
from domain.text import MAX_REASON_LENGTH

from ..action import action
from .applicants import forget_their_word
from .lookups import check_not_theirs
from .memberships import change_status, end_membership


@dataclass(frozen=True, slots=True)
class MergePeople:
    """Two records of one person."""

    kept_id: Annotated[UUID, Id("per"), "The record under which the person goes on."]
    merged_id: Annotated[UUID, Id("per"), "The record that becomes part of it."]
    reason: Annotated[str, Text(MAX_REASON_LENGTH), "What shows that they are one person."]


@dataclass(frozen=True, slots=True)
class UndoMerge:
    """A merge of two who are not one person."""

    id: Annotated[UUID, Id("mrg"), "The merge."]
    reason: Annotated[str, Text(MAX_REASON_LENGTH), "What shows that they are two people."]


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def merge_people(transaction: Transaction, viewer: Viewer, command: MergePeople) -> UUID:
    """Makes two records of one person one: what is the merged record's becomes the kept one's.

    Of two memberships or applications of which the rules allow one (rule 3a), that of the merged record closes as a
    duplicate, or an application before a membership; its number and history stay. Rolls, votes, offices and the audit trail
    stay as they are; the sessions of the merged record end. What the kept record lacks is taken from the other.
    Refusals: NOT_FOUND, also of somebody erased; SAME_RECORD, OWN_CASE, REMOVAL_OPEN, MEMBERSHIP_SUSPENDED where a
    membership that would close is being decided on, and those of check_mergeable.
    """
    kept, merged, officer = command.kept_id, command.merged_id, viewer.person
    check_two(kept, merged)
    found = await _held(transaction, kept, merged)
    for field, person_id in (("kept_id", kept), ("merged_id", merged)):
        if person_id not in found or found[person_id].is_erased:
            raise NotFound(field)
    await check_not_theirs(transaction, officer, kept, merged)
    one, other = [await _record(transaction, each, found[each]) for each in (kept, merged)]
    check_mergeable(one, other, await merges.are_family(transaction, kept, merged))
    before = await merging.rows_of(transaction, [kept, merged])
    await _close_duplicates(transaction, kept, merged, officer, command.reason)
    await guardians.confirm_by(transaction, merged, kept)
    await merging.move(transaction, merged, kept)
    await guardians.end_of_record(transaction, merged, await transaction.today())
    await count_again(transaction, merged, -1)
    await merging.complete(transaction, merged, kept)
    await end_sessions_of(transaction, merged)
    changes = merging.compared(before, await merging.rows_of(transaction, [kept, merged]))
    merge = await merges.add_merge(transaction, kept, merged, command.reason, officer, changes.stored())
    await _note(transaction, AuditAction.PEOPLE_MERGED, officer, kept, merged, merge)
    return merge


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def undo_merge(transaction: Transaction, viewer: Viewer, command: UndoMerge) -> UUID:
    """Makes two records of what became one by a merge: each has again what was its own.

    What was changed since, or added, stays with the kept record, and `stayed` says of what kind it is. A membership closed
    as a duplicate is open again, by a line of the register that corrects. Refusals: NOT_FOUND, MERGE_UNDONE, OWN_CASE, and
    those of check_undoable.
    """
    merge, officer = await merges.merge_for_update(transaction, command.id), viewer.person
    if merge is None:
        raise NotFound("id")
    if merge.is_undone:
        raise Conflict(RefusalCode.MERGE_UNDONE, field="id")
    kept, merged = merge.kept, merge.merged
    found = await _held(transaction, kept, merged)
    await check_not_theirs(transaction, officer, kept, merged)
    one, other = [await _record(transaction, each, found[each]) for each in (kept, merged)]
    changes = Changes(merge.changes.get("changed", []), merge.changes.get("known", {}))
    theirs = [each for each, before in changes.memberships() if before.get("person_id") == str(merged)]
    is_erased = found[kept].is_erased or not merge.changes
    check_undoable(one, other, is_erased, await roll.votes_by(transaction, theirs))
    await count_again(transaction, merged, 1)
    stayed = await merging.give_back(transaction, changes, kept)
    await _reopen(transaction, changes, officer, command.reason)
    await merges.close_merge(transaction, command.id, officer, command.reason, stayed)
    await _note(transaction, AuditAction.MERGE_UNDONE, officer, kept, merged, command.id)
    return command.id


async def _held(transaction: Transaction, *people: UUID) -> dict[UUID, PersonRecord]:
    """The records, locked with all that hangs on them."""
    await hold_answers(transaction)
    await roll.hold_rolls(transaction)
    await merging.hold_rows(transaction, people)
    return await merges.records_for_update(transaction, people)


async def _record(transaction: Transaction, person_id: UUID, found: PersonRecord) -> Record:
    return Record(
        person_id,
        found.born,
        found.died_on,
        found.merged_into,
        holds_role=await holds_a_role(transaction, person_id),
        is_on_open_roll=await roll.is_on_open_roll(transaction, person_id),
    )


async def _close_duplicates(transaction: Transaction, kept: UUID, merged: UUID, officer: UUID, reason: str) -> None:
    """Leaves open what one person may have (rule 3a): what the kept record is a member in, whatever rules it began under;
    then memberships before applications. A conversion goes with the membership it is of."""
    ruleset, open_in, closed = await ruleset_in_force(transaction), list[str](), set[UUID]()
    for statuses in (CURRENT, APPLICATION):
        for person_id in (kept, merged):
            for each in await memberships.memberships_of(transaction, list(statuses), person_id=person_id):
                if each.converted_from is not None and each.status in APPLICATION:
                    is_one_more = each.converted_from in closed
                else:
                    is_own = person_id == kept and each.status in CURRENT
                    is_one_more = not is_own and not _may_have(ruleset, open_in, each)
                    open_in += [] if is_one_more else [each.constituency]
                if is_one_more:
                    closed.add(each.id)
                    await _close(transaction, each, officer, reason)


def _may_have(ruleset: Ruleset, open_in: list[str], membership: Membership) -> bool:
    refusals: list[Refusal] = []
    with collected(refusals):
        check_plurality(ruleset, open_in, membership.constituency)
    return not refusals


async def _close(transaction: Transaction, membership: Membership, officer: UUID, reason: str) -> None:
    """Nobody gets out of a suspension or a removal by a second record (rules 4g and 4h)."""
    if membership.status in APPLICATION:
        withdrawn, audited = MembershipStatus.WITHDRAWN, AuditAction.MEMBERSHIP_WITHDRAWN
        await change_status(transaction, membership, withdrawn, officer, reason, audited)
        await forget_their_word(transaction, membership)
        return
    if membership.status is MembershipStatus.SUSPENDED:
        raise Conflict(RefusalCode.MEMBERSHIP_SUSPENDED, field="merged_id")
    if membership.removal is not None:
        raise Conflict(RefusalCode.REMOVAL_OPEN, field="merged_id")
    today = await transaction.today()
    await end_membership(transaction, membership, MembershipStatus.DUPLICATE, today, officer, reason)


async def _reopen(transaction: Transaction, changes: Changes, officer: UUID, reason: str) -> None:
    """Notes of what the merge closed, and was given back, that it is open again."""
    ruleset, today = await ruleset_in_force(transaction), await transaction.today()
    for membership_id, before in changes.memberships():
        found = await memberships.membership_for_update(transaction, membership_id)
        if found is None or found.membership.status.value != before.get("status"):
            continue
        status = found.membership.status
        await memberships.add_transitions(transaction, [membership_id], status, officer, reason, ruleset.version)
        await add_line(transaction, membership_id, RegisterChange.CORRECTED, today, officer)
        await transaction.audit(AuditAction.MEMBERSHIP_RESTORED, membership_id, officer)


async def _note(
    transaction: Transaction, what: AuditAction, officer: UUID, kept: UUID, merged: UUID, merge: UUID
) -> None:
    """In the trail of both records."""
    details: Mapping[str, Any] = {"kept": kept, "merged": merged, "merge": merge}
    await transaction.audit_many(what, officer, [(kept, details), (merged, details)])
