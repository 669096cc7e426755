"""Removing a member: proposal, the member's case, decision, appeal (rule 4g)."""

from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.membership import memberships, removals
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_hold
from domain.membership import removal as rules
from domain.membership.lifecycle import HeldMembership, Membership, MembershipStatus, check_step
from domain.membership.removal import Removal, RemovalStage
from domain.notifications.notice import NoticeKind
from domain.refusals import NotFound
from domain.text import MAX_NAME_LENGTH, MAX_REASON_LENGTH, MAX_TEXT_LENGTH, required_text

from ..notifications.notices import notify
from . import lookups
from .memberships import change_status, end_membership


async def propose_removal(transaction: Transaction, viewer: Viewer, membership_id: UUID, ground: str) -> UUID:
    """Gives notice to the member. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, MEMBERSHIP_NOT_OPEN, REMOVAL_OPEN."""
    officer = must_hold(viewer, Role.CLERK)
    ground = required_text(ground, "ground", MAX_REASON_LENGTH)
    membership = (await lookups.held(transaction, membership_id)).membership
    check_step(membership.status, MembershipStatus.REMOVED)
    await lookups.check_not_own(transaction, officer, membership)
    today = await transaction.today()
    until = rules.notice_until(await ruleset_in_force(transaction), today)
    removal_id = await removals.add_removal(transaction, membership.id, ground, officer, today, until)
    await transaction.audit(AuditAction.REMOVAL_PROPOSED, removal_id, officer, membership_id=membership.id)
    await _notify(transaction, NoticeKind.REMOVAL_PROPOSED, membership, ground=ground, notice_until=until)
    return removal_id


async def state_case(transaction: Transaction, viewer: Viewer, removal_id: UUID, case: str) -> UUID:
    """The member's side, in writing, before it is decided. Refusals: NOT_SIGNED_IN, NOT_FOUND, REMOVAL_WRONG_STAGE."""
    case = required_text(case, "case", MAX_TEXT_LENGTH)
    removal, _ = await _own(transaction, viewer, removal_id)
    rules.check_case(removal)
    await transaction.change("removal", removal.id, {"case_stated": case})
    await transaction.audit(AuditAction.REMOVAL_CASE_STATED, removal.id, viewer.person_id)
    return removal.id


async def decide_removal(
    transaction: Transaction,
    viewer: Viewer,
    removal_id: UUID,
    body: str,
    minute: str,
    votes_for: int,
    votes_against: int,
) -> UUID:
    """Enters the vote of the deciding body. Decided for removal, the member's rights rest until the appeal is settled.

    Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, and those of the rule.
    """
    officer = must_hold(viewer, Role.CLERK)
    body, minute = required_text(body, "body", MAX_NAME_LENGTH), required_text(minute, "minute", MAX_REASON_LENGTH)
    removal, found = await _found(transaction, removal_id)
    await lookups.check_not_own(transaction, officer, found.membership)
    today = await transaction.today()
    stage, appeal_until = rules.decide(removal, await ruleset_in_force(transaction), votes_for, votes_against, today)
    decided = {
        "stage": stage.value,
        "deciding_body": body,
        "minute": minute,
        "votes_for": votes_for,
        "votes_against": votes_against,
        "decided_on": today,
        "appeal_until": appeal_until,
    }
    await transaction.change("removal", removal.id, decided)
    await transaction.audit(AuditAction.REMOVAL_DECIDED, removal.id, officer, stage=stage.value)
    membership = found.membership
    if stage is RemovalStage.DECIDED and membership.status is not MembershipStatus.SUSPENDED:
        action = AuditAction.MEMBERSHIP_SUSPENDED
        await change_status(transaction, membership, MembershipStatus.SUSPENDED, officer, minute, action)
    if stage is RemovalStage.REMOVED:
        await _remove(transaction, membership, officer, minute)
        return removal.id
    decision = "to remove you" if stage is RemovalStage.DECIDED else "that you stay a member"
    until = appeal_until or ""
    await _notify(transaction, NoticeKind.REMOVAL_DECIDED, membership, body=body, decision=decision, appeal_until=until)
    return removal.id


async def appeal_removal(transaction: Transaction, viewer: Viewer, removal_id: UUID, ground: str) -> UUID:
    """Refusals: NOT_SIGNED_IN, NOT_FOUND, INPUT_INVALID, REMOVAL_WRONG_STAGE, APPEAL_TOO_LATE."""
    ground = required_text(ground, "ground", MAX_TEXT_LENGTH)
    removal, _ = await _own(transaction, viewer, removal_id)
    rules.check_appeal(removal, await transaction.today())
    await transaction.change("removal", removal.id, {"stage": RemovalStage.APPEALED.value, "appeal_ground": ground})
    await transaction.audit(AuditAction.REMOVAL_APPEALED, removal.id, viewer.person_id)
    return removal.id


async def decide_appeal(transaction: Transaction, viewer: Viewer, removal_id: UUID, body: str, upheld: bool) -> UUID:
    """Enters the decision on an appeal. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, and those of the rule."""
    officer = must_hold(viewer, Role.CLERK, Role.TRUSTEE)
    body = required_text(body, "body", MAX_NAME_LENGTH)
    removal, found = await _found(transaction, removal_id)
    await lookups.check_not_own(transaction, officer, found.membership)
    stage = rules.decide_appeal(removal, upheld, officer)
    today = await transaction.today()
    await transaction.change(
        "removal", removal.id, {"stage": stage.value, "appeal_body": body, "appeal_decided_on": today}
    )
    await transaction.audit(AuditAction.APPEAL_DECIDED, removal.id, officer, stage=stage.value)
    if stage is RemovalStage.REMOVED:
        await _remove(transaction, found.membership, officer, body)
    else:
        action = AuditAction.MEMBERSHIP_KEPT
        await change_status(transaction, found.membership, MembershipStatus.ADMITTED, officer, body, action)
        words = {"body": body, "decision": "that you stay a member", "appeal_until": ""}
        await _notify(transaction, NoticeKind.REMOVAL_DECIDED, found.membership, **words)
    return removal.id


async def remove_unappealed(transaction: Transaction) -> int:
    """By the clock: removals whose time to appeal has passed take effect; how many."""
    due = await removals.removals_to_take_effect(transaction)
    for removal in due:
        await transaction.change("removal", removal.id, {"stage": RemovalStage.REMOVED.value})
        await _remove(transaction, (await lookups.held(transaction, removal.membership_id)).membership, None, None)
    return len(due)


async def _remove(transaction: Transaction, membership: Membership, actor_id: UUID | None, reason: str | None) -> None:
    today = await transaction.today()
    await end_membership(transaction, membership, MembershipStatus.REMOVED, today, actor_id, reason)
    await _notify(transaction, NoticeKind.REMOVED, membership, ceased_on=today)


async def _notify(transaction: Transaction, kind: NoticeKind, membership: Membership, **words: object) -> None:
    for recipient in await memberships.holders(transaction, membership, await transaction.today()):
        await notify(transaction, kind, recipient, membership.id, membership.name, **words)  # type: ignore[arg-type]


async def _found(transaction: Transaction, removal_id: UUID) -> tuple[Removal, HeldMembership]:
    """Refusals: NOT_FOUND."""
    removal = await removals.removal_for_update(transaction, removal_id)
    if removal is None:
        raise NotFound("id")
    return removal, await lookups.held(transaction, removal.membership_id)


async def _own(transaction: Transaction, viewer: Viewer, removal_id: UUID) -> tuple[Removal, HeldMembership]:
    removal, _ = await _found(transaction, removal_id)
    return removal, await lookups.own(transaction, viewer, removal.membership_id)
