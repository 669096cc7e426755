"""Changing what the register says (Companies Act 2006 ss.113 to 113A)."""

from datetime import date
from uuid import UUID

from db.membership import memberships
from db.register import lines
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_be_signed_in, must_hold
from domain.membership.lifecycle import APPLICATION, CURRENT
from domain.refusals import Conflict, Invalid, RefusalCode
from domain.register.lines import RegisterChange
from domain.text import MAX_ADDRESS_LENGTH, required_text

from ..membership import lookups
from ..people.lookups import person_locked


async def change_service_address(
    transaction: Transaction, viewer: Viewer, membership_id: UUID, address: str, changed_on: date | None
) -> UUID:
    """A new address on the register; the old one stays to be seen (s.113A). By the member or the officer.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, INPUT_INVALID, DATES_CONTRADICT, MEMBERSHIP_NOT_OPEN.
    """
    address = required_text(address, "serviceAddress", MAX_ADDRESS_LENGTH)
    if viewer.profile.has_any(Role.MEMBERSHIP_OFFICER):
        membership = (await lookups.held(transaction, membership_id)).membership
    else:
        membership = (await lookups.own(transaction, viewer, membership_id)).membership
    if membership.status not in CURRENT | APPLICATION:
        raise Conflict(RefusalCode.MEMBERSHIP_NOT_OPEN)
    day = await _day_of_change(transaction, changed_on, membership.registered_on)
    await memberships.move(transaction, membership.id, address)
    if membership.status in CURRENT:
        await _line(transaction, viewer, membership.id, RegisterChange.ADDRESS_CHANGED, day)
    return membership.id


async def change_name(
    transaction: Transaction,
    viewer: Viewer,
    person_id: UUID,
    given_name: str,
    family_name: str,
    changed_on: date | None,
    is_correction: bool,
) -> UUID:
    """A new name of a person and on every open entry of theirs; the old one stays to be seen.

    By the officer, who has seen why. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, DATES_CONTRADICT.
    """
    must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    given_name = required_text(given_name, "givenName")
    family_name = required_text(family_name, "familyName")
    person = await person_locked(transaction, person_id, "personId")
    await transaction.change("person", person.id, {"given_name": given_name, "family_name": family_name})
    change = RegisterChange.CORRECTED if is_correction else RegisterChange.NAME_CHANGED
    for membership in await memberships.memberships_of(transaction, list(CURRENT | APPLICATION), person_id=person.id):
        await memberships.rename(transaction, membership.id, f"{given_name} {family_name}")
        if membership.status in CURRENT:
            day = await _day_of_change(transaction, changed_on, membership.registered_on)
            await _line(transaction, viewer, membership.id, change, day)
    return person.id


async def _day_of_change(transaction: Transaction, changed_on: date | None, registered_on: date | None) -> date:
    today = await transaction.today()
    day = changed_on or today
    if day > today or (registered_on is not None and day < registered_on):
        raise Invalid(RefusalCode.DATES_CONTRADICT, field="changedOn")
    return day


async def _line(
    transaction: Transaction, viewer: Viewer, membership_id: UUID, change: RegisterChange, day: date
) -> None:
    actor = must_be_signed_in(viewer)
    await lines.add_line(transaction, membership_id, change, day, actor)
    await transaction.audit(AuditAction.REGISTER_CHANGED, membership_id, actor, change=change.value, changed_on=day)
