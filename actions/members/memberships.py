"""What happens to a membership after it began."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from db.governance.rules import rules_today
from db.members import memberships, organisations, removals
from db.work import Work
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_hold
from domain.members.membership import APPLICATION, CURRENT, Membership, MembershipStatus, check_step
from domain.refusals import Invalid, NotFound, RefusalCode
from domain.text import required_text

from . import lookups
from .applications import MAX_REASON_LENGTH


async def resign_membership(work: Work, viewer: Viewer, membership_id: UUID) -> UUID:
    """Leaves by own notice, today. Refusals: NOT_SIGNED_IN, NOT_FOUND, MEMBERSHIP_NOT_OPEN."""
    membership = (await lookups.own(work, viewer, membership_id)).membership
    await end(work, membership, MembershipStatus.RESIGNED, await work.today(), viewer.person_id, None)
    return membership.id


async def suspend_member(work: Work, viewer: Viewer, membership_id: UUID, reason: str) -> UUID:
    """Lets a member's rights rest. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, MEMBERSHIP_NOT_OPEN."""
    officer = must_hold(viewer, Role.CLERK)
    reason = required_text(reason, "reason", MAX_REASON_LENGTH)
    membership = (await lookups.held(work, membership_id)).membership
    await lookups.check_not_own(work, officer, membership)
    await step(work, membership, MembershipStatus.SUSPENDED, officer, reason, AuditAction.MEMBERSHIP_SUSPENDED)
    return membership.id


async def end_suspension(work: Work, viewer: Viewer, membership_id: UUID) -> UUID:
    """Makes a suspended member a full one again. Refusals: as must_hold, NOT_FOUND, MEMBERSHIP_NOT_OPEN."""
    officer = must_hold(viewer, Role.CLERK)
    membership = (await lookups.held(work, membership_id)).membership
    await lookups.check_not_own(work, officer, membership)
    if membership.status is not MembershipStatus.SUSPENDED:
        check_step(membership.status, MembershipStatus.DISSOLVED)  # no member at all
        raise Invalid(RefusalCode.MEMBERSHIP_NOT_OPEN, "The member is not suspended.", "id")
    await step(work, membership, MembershipStatus.ADMITTED, officer, None, AuditAction.MEMBERSHIP_KEPT)
    return membership.id


async def record_death(work: Work, viewer: Viewer, person_id: UUID, died_on: date) -> UUID:
    """Ends every membership of somebody who has died. Refusals: as must_hold, NOT_FOUND, DATES_CONTRADICT."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    person = await lookups.person_locked(work, person_id, "personId")
    _check_past(died_on, await work.today(), "diedOn")
    await work.change("person", person.id, {"died_on": died_on})
    for membership in await memberships.memberships_of(work, list(CURRENT), person_id=person.id):
        ends_on = max(died_on, membership.registered_on or died_on)
        await end(work, membership, MembershipStatus.DECEASED, ends_on, officer, None)
    await _withdraw(work, await memberships.memberships_of(work, list(APPLICATION), person_id=person.id), officer)
    return person.id


async def dissolve_organisation(work: Work, viewer: Viewer, organisation_id: UUID, day: date, reason: str) -> UUID:
    """Ends the membership of an organisation that was dissolved or merged, and everybody's power to act for it.

    Refusals: as must_hold, NOT_FOUND, DATES_CONTRADICT, INPUT_INVALID.
    """
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    reason = required_text(reason, "reason", MAX_REASON_LENGTH)
    if await organisations.organisation_name(work, organisation_id) is None:
        raise NotFound("organisationId")
    _check_past(day, await work.today(), "dissolvedOn")
    await organisations.dissolve(work, organisation_id, day)
    for membership in await memberships.memberships_of(work, list(CURRENT), organisation_id=organisation_id):
        ends_on = max(day, membership.registered_on or day)
        await end(work, membership, MembershipStatus.DISSOLVED, ends_on, officer, reason)
    open_ones = await memberships.memberships_of(work, list(APPLICATION), organisation_id=organisation_id)
    await _withdraw(work, open_ones, officer)
    return organisation_id


async def _withdraw(work: Work, applications: Sequence[Membership], officer: UUID) -> None:
    """Takes back the applications of who is no more."""
    for membership in applications:
        status = MembershipStatus.WITHDRAWN
        await step(work, membership, status, officer, "is no more", AuditAction.MEMBERSHIP_WITHDRAWN)


ENDINGS = {
    MembershipStatus.RESIGNED: AuditAction.MEMBERSHIP_RESIGNED,
    MembershipStatus.LAPSED: AuditAction.MEMBERSHIP_LAPSED,
    MembershipStatus.REMOVED: AuditAction.MEMBERSHIP_REMOVED,
    MembershipStatus.DECEASED: AuditAction.MEMBERSHIP_DECEASED,
    MembershipStatus.DISSOLVED: AuditAction.MEMBERSHIP_DISSOLVED,
}


async def end(
    work: Work, membership: Membership, status: MembershipStatus, day: date, actor_id: UUID | None, reason: str | None
) -> None:
    """Ends a membership: status, history, register and audit. Refusals: MEMBERSHIP_NOT_OPEN."""
    check_step(membership.status, status)
    ruleset = await rules_today(work)
    await memberships.cease(work, membership.id, status, day, actor_id, reason, ruleset.version)
    if status is not MembershipStatus.REMOVED:
        await removals.close_open(work, membership.id)  # there is nobody left to remove
    await work.audit(ENDINGS[status], membership.id, actor_id, ceased_on=day)


async def step(
    work: Work,
    membership: Membership,
    status: MembershipStatus,
    actor_id: UUID | None,
    reason: str | None,
    action: AuditAction,
    lapses_on: date | None = None,
) -> None:
    """A step that neither enters on the register nor ends a membership. Refusals: those of check_step."""
    check_step(membership.status, status)
    ruleset = await rules_today(work)
    await memberships.set_status(work, membership.id, status, actor_id, reason, ruleset.version, lapses_on)
    await work.audit(action, membership.id, actor_id)


def _check_past(day: date, today: date, field: str) -> None:
    if day > today:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "That day has not come yet.", field)
