"""What happens to a membership after it began."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.identity.sessions import end_sessions_of
from db.membership import memberships, removals
from db.notifications.notices import withdraw_about_person
from db.people import guardians, organisations
from db.people.persons import is_alive
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import ANY_PERSON, Role, Viewer, holder_of
from domain.membership.lifecycle import (
    APPLICATION,
    CURRENT,
    SETTLED_BY,
    Membership,
    MembershipStatus,
    check_step,
    status_restored,
)
from domain.notifications.notice import NoticeKind
from domain.people.deaths import check_after_birth
from domain.refusals import Conflict, Invalid, NotFound, RefusalCode
from domain.text import MAX_REASON_LENGTH

from ..action import action
from ..people.lookups import person_locked
from . import lookups
from .applicants import forget_their_word
from .lookups import MembershipById


@dataclass(frozen=True, slots=True)
class SuspendMember:
    """A member whose rights are to rest."""

    id: Annotated[UUID, Id("mem"), "The membership."]
    reason: Annotated[str, Text(MAX_REASON_LENGTH), "Why."]


@dataclass(frozen=True, slots=True)
class RecordDeath:
    """Somebody who has died."""

    person_id: Annotated[UUID, Id("per"), "The person."]
    died_on: Annotated[date, "The day of death."]


@dataclass(frozen=True, slots=True)
class DissolveOrganisation:
    """An organisation that ceased to exist."""

    organisation_id: Annotated[UUID, Id("org"), "The organisation."]
    dissolved_on: Annotated[date, "The day it ceased to exist, or merged into another."]
    reason: Annotated[str, Text(MAX_REASON_LENGTH), "What became of it."]


@action(ANY_PERSON)
async def resign_membership(transaction: Transaction, viewer: Viewer, command: MembershipById) -> UUID:
    """Leaves the trust by one's own notice, today.

    Refusals: NOT_FOUND, MEMBERSHIP_NOT_OPEN.
    """
    membership = (await lookups.own(transaction, viewer, command.id)).membership
    today = await transaction.today()
    await end_membership(transaction, membership, MembershipStatus.RESIGNED, today, viewer.person, None)
    return membership.id


@action(holder_of(Role.CLERK))
async def suspend_member(transaction: Transaction, viewer: Viewer, command: SuspendMember) -> UUID:
    """Lets a member's rights rest. Days of grace that run go on.

    Refusals: NOT_FOUND, OWN_CASE, MEMBERSHIP_NOT_OPEN.
    """
    membership = (await lookups.held(transaction, command.id)).membership
    await lookups.check_not_own(transaction, viewer.person, membership)
    await suspend(transaction, membership, viewer.person, command.reason)
    return membership.id


@action(holder_of(Role.CLERK))
async def end_suspension(transaction: Transaction, viewer: Viewer, command: MembershipById) -> UUID:
    """Makes a suspended member a full one again; one whose days of grace run is lapsing again.

    Refusals: NOT_FOUND, OWN_CASE, MEMBERSHIP_NOT_OPEN, REMOVAL_UNDER_WAY from the decision until the appeal is settled.
    """
    membership = (await lookups.held(transaction, command.id)).membership
    await lookups.check_not_own(transaction, viewer.person, membership)
    if membership.status is not MembershipStatus.SUSPENDED:
        check_step(membership.status, MembershipStatus.DISSOLVED)  # no member at all
        raise Invalid(RefusalCode.MEMBERSHIP_NOT_OPEN, "The member is not suspended.", "id")
    await restore(transaction, membership, viewer.person, None)
    return membership.id


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def record_death(transaction: Transaction, viewer: Viewer, command: RecordDeath) -> UUID:
    """Ends every membership of somebody who has died, and whatever they did for others.

    A child they answered for has nobody's consent but another guardian's; nobody signs in as them.

    Refusals: NOT_FOUND, DEATH_RECORDED, DATES_CONTRADICT.
    """
    died_on, officer = command.died_on, viewer.person
    person = await person_locked(transaction, command.person_id, "person_id")
    if not await is_alive(transaction, person.id):
        raise Conflict(RefusalCode.DEATH_RECORDED, field="person_id")
    _check_past(died_on, await transaction.today(), "died_on")
    check_after_birth(died_on, person.born)
    await transaction.change("person", person.id, {"died_on": died_on})
    await transaction.audit(AuditAction.PERSON_DIED, person.id, officer, died_on=died_on)
    await guardians.end_for_guardian(transaction, person.id, died_on)
    await organisations.end_all_authorisations(transaction, person.id, died_on)
    await end_sessions_of(transaction, person.id)
    await withdraw_about_person(transaction, person.id, NoticeKind)
    for membership in await memberships.memberships_of(transaction, list(CURRENT), person_id=person.id):
        ends_on = max(died_on, membership.registered_on or died_on)
        await end_membership(transaction, membership, MembershipStatus.DECEASED, ends_on, officer, None)
    open_ones = await memberships.memberships_of(transaction, list(APPLICATION), person_id=person.id)
    await _withdraw(transaction, open_ones, officer, _NO_MORE)
    return person.id


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def dissolve_organisation(transaction: Transaction, viewer: Viewer, command: DissolveOrganisation) -> UUID:
    """Ends the membership of an organisation that is no more, and everybody's power to act for it.

    Refusals: NOT_FOUND, DATES_CONTRADICT.
    """
    organisation_id, day, officer = command.organisation_id, command.dissolved_on, viewer.person
    if await organisations.organisation_name(transaction, organisation_id) is None:
        raise NotFound("organisation_id")
    _check_past(day, await transaction.today(), "dissolved_on")
    await organisations.dissolve(transaction, organisation_id, day)
    await transaction.audit(AuditAction.ORGANISATION_DISSOLVED, organisation_id, officer, dissolved_on=day)
    for membership in await memberships.memberships_of(transaction, list(CURRENT), organisation_id=organisation_id):
        ends_on = max(day, membership.registered_on or day)
        await end_membership(transaction, membership, MembershipStatus.DISSOLVED, ends_on, officer, command.reason)
    open_ones = await memberships.memberships_of(transaction, list(APPLICATION), organisation_id=organisation_id)
    await _withdraw(transaction, open_ones, officer, _NO_MORE)
    return organisation_id


_NO_MORE = "is no more"


async def withdraw_conversions(transaction: Transaction, membership: Membership, actor_id: UUID | None) -> bool:
    """Takes back what a removed member has asked to convert to; whether there was anything."""
    asked = await memberships.memberships_of(transaction, list(APPLICATION), person_id=membership.person_id)
    conversions = [each for each in asked if each.converted_from == membership.id]
    await _withdraw(transaction, conversions, actor_id, "the membership it was to take over from was removed")
    return bool(conversions)


async def _withdraw(
    transaction: Transaction, applications: Sequence[Membership], actor_id: UUID | None, reason: str
) -> None:
    """Takes back applications that lead to nothing any more."""
    for membership in applications:
        status = MembershipStatus.WITHDRAWN
        await change_status(transaction, membership, status, actor_id, reason, AuditAction.MEMBERSHIP_WITHDRAWN)
        await forget_their_word(transaction, membership)


ENDINGS = {
    MembershipStatus.CONVERTED: AuditAction.MEMBERSHIP_CONVERTED,
    MembershipStatus.RESIGNED: AuditAction.MEMBERSHIP_RESIGNED,
    MembershipStatus.LAPSED: AuditAction.MEMBERSHIP_LAPSED,
    MembershipStatus.REMOVED: AuditAction.MEMBERSHIP_REMOVED,
    MembershipStatus.DECEASED: AuditAction.MEMBERSHIP_DECEASED,
    MembershipStatus.DISSOLVED: AuditAction.MEMBERSHIP_DISSOLVED,
    MembershipStatus.DUPLICATE: AuditAction.MEMBERSHIP_DUPLICATE,
}


async def end_membership(
    transaction: Transaction,
    membership: Membership,
    status: MembershipStatus,
    day: date,
    actor_id: UUID | None,
    reason: str | None,
) -> None:
    """Ends a membership: status, history, register and audit; and the removal that is open, where it may end so.

    Refusals: MEMBERSHIP_NOT_OPEN, REMOVAL_UNDER_WAY.
    """
    check_step(membership.status, status, membership.removal)
    ruleset = await ruleset_in_force(transaction)
    await memberships.cease(transaction, membership.id, status, day, actor_id, reason, ruleset.version)
    details: dict[str, object] = {"ceased_on": day}
    if membership.removal is not None:
        details["removal"] = SETTLED_BY[status]
        await removals.settle_open(transaction, membership.id, SETTLED_BY[status])
    await transaction.audit(ENDINGS[status], membership.id, actor_id, **details)


async def suspend(transaction: Transaction, membership: Membership, actor_id: UUID, reason: str) -> None:
    """Refusals: those of check_step."""
    suspended, audited, lapses_on = (
        MembershipStatus.SUSPENDED,
        AuditAction.MEMBERSHIP_SUSPENDED,
        membership.lapses_on,
    )
    await change_status(transaction, membership, suspended, actor_id, reason, audited, lapses_on)


async def restore(transaction: Transaction, membership: Membership, actor_id: UUID, reason: str | None) -> None:
    """Ends a suspension. Refusals: those of check_step."""
    status, audited, lapses_on = status_restored(membership), AuditAction.MEMBERSHIP_KEPT, membership.lapses_on
    await change_status(transaction, membership, status, actor_id, reason, audited, lapses_on)


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
    check_step(membership.status, status, membership.removal)
    ruleset = await ruleset_in_force(transaction)
    await memberships.set_status(transaction, membership.id, status, actor_id, reason, ruleset.version, lapses_on)
    await transaction.audit(action, membership.id, actor_id)


def _check_past(day: date, today: date, field: str) -> None:
    if day > today:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "That day has not come yet.", field)
