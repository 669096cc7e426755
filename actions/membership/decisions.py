"""Deciding on applications."""

from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.membership import memberships
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.governance.rulesets import Ruleset
from domain.identity.viewer import Role, Viewer, must_hold
from domain.membership.eligibility import check_eligible
from domain.membership.lifecycle import (
    ENDED,
    HeldMembership,
    Membership,
    MembershipStatus,
    check_decision,
    check_minute,
    check_step,
    deciders,
)
from domain.notifications.notice import NoticeKind
from domain.text import MAX_REASON_LENGTH, required_text

from ..notifications.notices import notify, notify_many
from . import lookups
from .admission import admit_many, welcome


async def review_application(transaction: Transaction, viewer: Viewer, membership_id: UUID) -> UUID:
    """Takes an application up. Refusals: as must_hold, NOT_FOUND, and those of check_decision."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER, Role.CLERK)
    found = await lookups.held(transaction, membership_id)
    await _check_decision(transaction, found.membership, MembershipStatus.UNDER_REVIEW, officer)
    ruleset = await ruleset_in_force(transaction)
    await memberships.set_status(
        transaction, membership_id, MembershipStatus.UNDER_REVIEW, officer, None, ruleset.version
    )
    await transaction.audit(AuditAction.MEMBERSHIP_REVIEWED, membership_id, officer)
    return membership_id


async def admit_member(
    transaction: Transaction, viewer: Viewer, membership_id: UUID, minute: str | None = None
) -> UUID:
    """Enters an applicant on the register; a conversion closes the membership it came from on the same day.

    Refusals: as must_hold, NOT_FOUND, MINUTE_NEEDED, and those of check_decision and check_eligible.
    """
    must_hold(viewer, Role.MEMBERSHIP_OFFICER, Role.CLERK)
    found = await lookups.held(transaction, membership_id)
    membership, today = found.membership, await transaction.today()
    ruleset = await ruleset_in_force(transaction)
    rule = ruleset.constituency(membership.constituency)
    officer = must_hold(viewer, *deciders(rule))
    await _check_decision(transaction, membership, MembershipStatus.ADMITTED, officer)
    check_minute(rule, minute)
    if found.facts is not None:
        check_eligible(ruleset, rule, found.facts, today)
    if membership.converted_from is not None:
        await _close_converted(transaction, ruleset, membership.converted_from, officer)
    numbers = await admit_many(transaction, ruleset, {membership.id: rule}, officer, minute)
    holders = await memberships.holders(transaction, membership, today)
    welcomes = [welcome(rule, membership.id, numbers[membership.id], each, _member(membership)) for each in holders]
    await notify_many(transaction, NoticeKind.ADMITTED, welcomes)
    return membership.id


async def refuse_member(transaction: Transaction, viewer: Viewer, membership_id: UUID, reason: str) -> UUID:
    """Refuses an application. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, and those of check_decision."""
    must_hold(viewer, Role.MEMBERSHIP_OFFICER, Role.CLERK)
    reason = required_text(reason, "reason", MAX_REASON_LENGTH)
    membership = (await lookups.held(transaction, membership_id)).membership
    ruleset = await ruleset_in_force(transaction)
    officer = must_hold(viewer, *deciders(ruleset.constituency(membership.constituency)))
    await _check_decision(transaction, membership, MembershipStatus.REFUSED, officer)
    await memberships.set_status(transaction, membership.id, MembershipStatus.REFUSED, officer, reason, ruleset.version)
    await transaction.audit(AuditAction.MEMBERSHIP_REFUSED, membership.id, officer)
    for recipient in await memberships.holders(transaction, membership, await transaction.today()):
        await notify(transaction, NoticeKind.REFUSED, recipient, membership.id, _member(membership), reason=reason)
    return membership.id


async def _check_decision(
    transaction: Transaction, membership: Membership, to: MembershipStatus, officer: UUID
) -> None:
    check_decision(membership, to, officer, represents=await lookups.answers_for(transaction, officer, membership))


async def _close_converted(transaction: Transaction, ruleset: Ruleset, membership_id: UUID, officer: UUID) -> None:
    left: HeldMembership = await lookups.held(transaction, membership_id)
    if left.membership.status in ENDED:  # they left meanwhile, and join anew
        return
    check_step(left.membership.status, MembershipStatus.CONVERTED)
    today = await transaction.today()
    await memberships.cease(
        transaction, membership_id, MembershipStatus.CONVERTED, today, officer, None, ruleset.version
    )
    await transaction.audit(AuditAction.MEMBERSHIP_CONVERTED, membership_id, officer, ceased_on=today)


def _member(membership: Membership) -> str | None:
    """Whose membership a notice is about, where that is not the person told."""
    return membership.name if membership.organisation_id is not None else None
