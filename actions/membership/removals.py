"""Removing a member: proposal, the member's case, decision, appeal (rule 4g)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.membership import memberships, removals
from db.notifications.notices import withdraw_about
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import ANY_PERSON, Role, Viewer, holder_of
from domain.membership import removal as rules
from domain.membership.lifecycle import Membership, MembershipStatus, check_step
from domain.membership.notices import BEFORE_A_DECISION
from domain.membership.removal import Removal, RemovalStage
from domain.notifications.notice import NoticeKind
from domain.refusals import NotFound
from domain.text import MAX_NAME_LENGTH, MAX_REASON_LENGTH, MAX_TEXT_LENGTH

from ..action import action
from ..notifications.notices import notify
from . import lookups
from .memberships import end_membership, restore, suspend, withdraw_conversions


@dataclass(frozen=True, slots=True)
class ProposeRemoval:
    """A member whose removal is proposed."""

    id: Annotated[UUID, Id("mem"), "The membership."]
    ground: Annotated[str, Text(MAX_REASON_LENGTH), "The ground, as the member is told."]


@dataclass(frozen=True, slots=True)
class StateCase:
    """The member's side."""

    id: Annotated[UUID, Id("rem"), "The removal."]
    case: Annotated[str, Text(MAX_TEXT_LENGTH), "What the member has to say; it replaces what they said before."]


@dataclass(frozen=True, slots=True)
class DecideRemoval:
    """The decision on a removal."""

    id: Annotated[UUID, Id("rem"), "The removal."]
    body: Annotated[str, Text(MAX_NAME_LENGTH), "Who decided."]
    minute: Annotated[str, Text(MAX_REASON_LENGTH), "Where the decision stands."]
    votes_for: Annotated[int, "Votes for the removal."]
    votes_against: Annotated[int, "Votes against it."]


@dataclass(frozen=True, slots=True)
class AppealRemoval:
    """An appeal."""

    id: Annotated[UUID, Id("rem"), "The removal."]
    ground: Annotated[str, Text(MAX_TEXT_LENGTH), "Why the decision is wrong."]


@dataclass(frozen=True, slots=True)
class DecideAppeal:
    """The decision on an appeal."""

    id: Annotated[UUID, Id("rem"), "The removal."]
    body: Annotated[str, Text(MAX_NAME_LENGTH), "Who decided."]
    upheld: Annotated[bool, "Whether the member stays."]


@action(holder_of(Role.CLERK))
async def propose_removal(transaction: Transaction, viewer: Viewer, command: ProposeRemoval) -> UUID:
    """Proposes to remove a member and gives them notice.

    Refusals: NOT_FOUND, MEMBERSHIP_NOT_OPEN, OWN_CASE, REMOVAL_OPEN.
    """
    ground, officer = command.ground, viewer.person
    membership = (await lookups.held(transaction, command.id)).membership
    check_step(membership.status, MembershipStatus.REMOVED)
    await lookups.check_not_own(transaction, officer, membership)
    today = await transaction.today()
    until = rules.notice_until(await ruleset_in_force(transaction), today)
    removal_id = await removals.add_removal(transaction, membership.id, ground, officer, today, until)
    await transaction.audit(AuditAction.REMOVAL_PROPOSED, removal_id, officer, membership_id=membership.id)
    await _notify(transaction, NoticeKind.REMOVAL_PROPOSED, membership, ground=ground, notice_until=until)
    return removal_id


@action(ANY_PERSON)
async def state_case(transaction: Transaction, viewer: Viewer, command: StateCase) -> UUID:
    """States the member's case, before it is decided; by the member.

    Refusals: NOT_FOUND, REMOVAL_WRONG_STAGE.
    """
    removal = await _own(transaction, viewer, command.id)
    rules.check_case(removal)
    await transaction.change("removal", removal.id, {"case_stated": command.case})
    await transaction.audit(AuditAction.REMOVAL_CASE_STATED, removal.id, viewer.person)
    return removal.id


@action(holder_of(Role.CLERK))
async def decide_removal(transaction: Transaction, viewer: Viewer, command: DecideRemoval) -> UUID:
    """Enters the decision of the deciding body. Decided for removal, the member's rights rest until the appeal
    is settled; decided against it, the member stays in full, whatever suspension there was.

    Refusals: NOT_FOUND, OWN_CASE, and those of the rule.
    """
    removal, membership = await _found(transaction, command.id)
    officer, today = viewer.person, await transaction.today()
    await lookups.check_not_own(transaction, officer, membership)
    ruleset = await ruleset_in_force(transaction)
    stage, appeal_until = rules.decide(removal, ruleset, command.votes_for, command.votes_against, today)
    decided = {
        "stage": stage.value,
        "deciding_body": command.body,
        "minute": command.minute,
        "votes_for": command.votes_for,
        "votes_against": command.votes_against,
        "decided_on": today,
        "appeal_until": appeal_until,
    }
    await transaction.change("removal", removal.id, decided)
    await transaction.audit(AuditAction.REMOVAL_DECIDED, removal.id, officer, stage=stage.value)
    if stage is RemovalStage.REMOVED:
        await _remove(transaction, membership, officer, command.minute)
    elif stage is RemovalStage.DISMISSED:
        await _keep(transaction, membership, officer, command.body, command.minute)
    else:
        if membership.status is not MembershipStatus.SUSPENDED:
            await suspend(transaction, membership, officer, command.minute)
        await _tell_decision(transaction, membership, command.body, "to remove you", appeal_until)
    return removal.id


@action(ANY_PERSON)
async def appeal_removal(transaction: Transaction, viewer: Viewer, command: AppealRemoval) -> UUID:
    """Appeals against one's removal, in time; by the member.

    Refusals: NOT_FOUND, REMOVAL_WRONG_STAGE, APPEAL_TOO_LATE.
    """
    removal = await _own(transaction, viewer, command.id)
    rules.check_appeal(removal, await transaction.today())
    appealed = {"stage": RemovalStage.APPEALED.value, "appeal_ground": command.ground}
    await transaction.change("removal", removal.id, appealed)
    await transaction.audit(AuditAction.REMOVAL_APPEALED, removal.id, viewer.person)
    return removal.id


@action(holder_of(Role.CLERK, Role.TRUSTEE))
async def decide_appeal(transaction: Transaction, viewer: Viewer, command: DecideAppeal) -> UUID:
    """Enters the decision on an appeal; not by who proposed the removal. Upheld, the member stays in full.

    Refusals: NOT_FOUND, OWN_CASE, and those of the rule.
    """
    body, officer = command.body, viewer.person
    removal, membership = await _found(transaction, command.id)
    await lookups.check_not_own(transaction, officer, membership)
    stage = rules.decide_appeal(removal, command.upheld, officer)
    today = await transaction.today()
    await transaction.change(
        "removal", removal.id, {"stage": stage.value, "appeal_body": body, "appeal_decided_on": today}
    )
    await transaction.audit(AuditAction.APPEAL_DECIDED, removal.id, officer, stage=stage.value)
    if stage is RemovalStage.REMOVED:
        await _remove(transaction, membership, officer, body)
    else:
        await _keep(transaction, membership, officer, body, body)
    return removal.id


async def remove_unappealed(transaction: Transaction, membership: Membership) -> bool:
    """By the clock: a removal whose time to appeal has passed takes effect; False where there is none."""
    if not await removals.unappealed(transaction, membership.id):
        return False
    await _remove(transaction, membership, None, None)
    return True


async def _remove(transaction: Transaction, membership: Membership, actor_id: UUID | None, reason: str | None) -> None:
    today = await transaction.today()
    await end_membership(transaction, membership, MembershipStatus.REMOVED, today, actor_id, reason)
    withdrawn = "yes" if await withdraw_conversions(transaction, membership, actor_id) else ""
    await _notify(transaction, NoticeKind.REMOVED, membership, ceased_on=today, conversion_withdrawn=withdrawn)


async def _keep(transaction: Transaction, membership: Membership, officer: UUID, body: str, reason: str) -> None:
    """A dismissed removal leaves nothing behind, an earlier suspension included."""
    if membership.status is MembershipStatus.SUSPENDED:
        await restore(transaction, replace(membership, removal=None), officer, reason)
    await _tell_decision(transaction, membership, body, "that you stay a member", None)


async def _tell_decision(
    transaction: Transaction, membership: Membership, body: str, decision: str, appeal_until: date | None
) -> None:
    await withdraw_about(transaction, [membership.id], BEFORE_A_DECISION)
    words = {"body": body, "decision": decision, "appeal_until": appeal_until or ""}
    await _notify(transaction, NoticeKind.REMOVAL_DECIDED, membership, **words)


async def _notify(transaction: Transaction, kind: NoticeKind, membership: Membership, **words: object) -> None:
    for recipient in await memberships.holders(transaction, membership, await transaction.today()):
        await notify(transaction, kind, recipient, membership.id, membership.name, **words)  # type: ignore[arg-type]


async def _found(transaction: Transaction, removal_id: UUID) -> tuple[Removal, Membership]:
    """The membership is locked first, as by everybody who ends or changes it. Refusals: NOT_FOUND."""
    membership_id = await removals.membership_of(transaction, removal_id)
    if membership_id is None:
        raise NotFound("id")
    membership = (await lookups.held(transaction, membership_id)).membership
    removal = await removals.removal_for_update(transaction, removal_id)
    assert removal is not None
    return removal, membership


async def _own(transaction: Transaction, viewer: Viewer, removal_id: UUID) -> Removal:
    removal, membership = await _found(transaction, removal_id)
    if not await lookups.answers_for(transaction, viewer.person, membership):
        raise NotFound("id")
    return removal
