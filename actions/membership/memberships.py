"""What happens to a membership after it began."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.membership import memberships, removals
from db.people import organisations
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_hold
from domain.membership.lifecycle import APPLICATION, CURRENT, Membership, MembershipStatus, check_step
from domain.refusals import Invalid, NotFound, RefusalCode
from domain.text import MAX_REASON_LENGTH, required_text

from ..people.lookups import person_locked
from . import lookups


async def resign_membership(transaction: Transaction, viewer: Viewer, membership_id: UUID) -> UUID:
    """Leaves by own notice, today. Refusals: NOT_SIGNED_IN, NOT_FOUND, MEMBERSHIP_NOT_OPEN."""
    membership = (await lookups.own(transaction, viewer, membership_id)).membership
    await end_membership(
        transaction, membership, MembershipStatus.RESIGNED, await transaction.today(), viewer.person_id, None
    )
    return membership.id


async def suspend_member(transaction: Transaction, viewer: Viewer, membership_id: UUID, reason: str) -> UUID:
    """Lets a member's rights rest. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, MEMBERSHIP_NOT_OPEN."""
    officer = must_hold(viewer, Role.CLERK)
    reason = required_text(reason, "reason", MAX_REASON_LENGTH)
    membership = (await lookups.held(transaction, membership_id)).membership
    await lookups.check_not_own(transaction, officer, membership)
    await change_status(
        transaction, membership, MembershipStatus.SUSPENDED, officer, reason, AuditAction.MEMBERSHIP_SUSPENDED
    )
    return membership.id


async def end_suspension(transaction: Transaction, viewer: Viewer, membership_id: UUID) -> UUID:
    """Makes a suspended member a full one again. Refusals: as must_hold, NOT_FOUND, MEMBERSHIP_NOT_OPEN."""
    officer = must_hold(viewer, Role.CLERK)
    membership = (await lookups.held(transaction, membership_id)).membership
    await lookups.check_not_own(transaction, officer, membership)
    if membership.status is not MembershipStatus.SUSPENDED:
        check_step(membership.status, MembershipStatus.DISSOLVED)  # no member at all
        raise Invalid(RefusalCode.MEMBERSHIP_NOT_OPEN, "The member is not suspended.", "id")
    await change_status(transaction, membership, MembershipStatus.ADMITTED, officer, None, AuditAction.MEMBERSHIP_KEPT)
    return membership.id


async def record_death(transaction: Transaction, viewer: Viewer, person_id: UUID, died_on: date) -> UUID:
    """Ends every membership of somebody who has died. Refusals: as must_hold, NOT_FOUND, DATES_CONTRADICT."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    person = await person_locked(transaction, person_id, "personId")
    _check_past(died_on, await transaction.today(), "diedOn")
    await transaction.change("person", person.id, {"died_on": died_on})
    for membership in await memberships.memberships_of(transaction, list(CURRENT), person_id=person.id):
        ends_on = max(died_on, membership.registered_on or died_on)
        await end_membership(transaction, membership, MembershipStatus.DECEASED, ends_on, officer, None)
    await _withdraw(
        transaction, await memberships.memberships_of(transaction, list(APPLICATION), person_id=person.id), officer
    )
    return person.id


async def dissolve_organisation(
    transaction: Transaction, viewer: Viewer, organisation_id: UUID, day: date, reason: str
) -> UUID:
    """Ends the membership of an organisation that was dissolved or merged, and everybody's power to act for it.

    Refusals: as must_hold, NOT_FOUND, DATES_CONTRADICT, INPUT_INVALID.
    """
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    reason = required_text(reason, "reason", MAX_REASON_LENGTH)
    if await organisations.organisation_name(transaction, organisation_id) is None:
        raise NotFound("organisationId")
    _check_past(day, await transaction.today(), "dissolvedOn")
    await organisations.dissolve(transaction, organisation_id, day)
    for membership in await memberships.memberships_of(transaction, list(CURRENT), organisation_id=organisation_id):
        ends_on = max(day, membership.registered_on or day)
        await end_membership(transaction, membership, MembershipStatus.DISSOLVED, ends_on, officer, reason)
    open_ones = await memberships.memberships_of(transaction, list(APPLICATION), organisation_id=organisation_id)
    await _withdraw(transaction, open_ones, officer)
    return organisation_id


async def _withdraw(transaction: Transaction, applications: Sequence[Membership], officer: UUID) -> None:
    """Takes back the applications of who is no more."""
    for membership in applications:
        status = MembershipStatus.WITHDRAWN
        await change_status(transaction, membership, status, officer, "is no more", AuditAction.MEMBERSHIP_WITHDRAWN)


ENDINGS = {
    MembershipStatus.RESIGNED: AuditAction.MEMBERSHIP_RESIGNED,
    MembershipStatus.LAPSED: AuditAction.MEMBERSHIP_LAPSED,
    MembershipStatus.REMOVED: AuditAction.MEMBERSHIP_REMOVED,
    MembershipStatus.DECEASED: AuditAction.MEMBERSHIP_DECEASED,
    MembershipStatus.DISSOLVED: AuditAction.MEMBERSHIP_DISSOLVED,
}


async def end_membership(
    transaction: Transaction,
    membership: Membership,
    status: MembershipStatus,
    day: date,
    actor_id: UUID | None,
    reason: str | None,
) -> None:
    """Ends a membership: status, history, register and audit. Refusals: MEMBERSHIP_NOT_OPEN."""
    check_step(membership.status, status)
    ruleset = await ruleset_in_force(transaction)
    await memberships.cease(transaction, membership.id, status, day, actor_id, reason, ruleset.version)
    if status is not MembershipStatus.REMOVED:
        await removals.close_open(transaction, membership.id)  # there is nobody left to remove
    await transaction.audit(ENDINGS[status], membership.id, actor_id, ceased_on=day)


async def change_status(
    transaction: Transaction,
    membership: Membership,
    status: MembershipStatus,
    actor_id: UUID | None,
    reason: str | None,
    action: AuditAction,
    lapses_on: date | None = None,
) -> None:
    """A step that neither enters on the register nor ends a membership. Refusals: those of check_step."""
    check_step(membership.status, status)
    ruleset = await ruleset_in_force(transaction)
    await memberships.set_status(transaction, membership.id, status, actor_id, reason, ruleset.version, lapses_on)
    await transaction.audit(action, membership.id, actor_id)


def _check_past(day: date, today: date, field: str) -> None:
    if day > today:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "That day has not come yet.", field)
