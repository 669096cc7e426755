"""Changing what the register says (Companies Act 2006 ss.113 to 113A)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.membership import memberships
from db.register import lines
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import ANY_PERSON, Role, Viewer, holder_of
from domain.membership.lifecycle import APPLICATION, CURRENT
from domain.refusals import Conflict, Invalid, NotPermitted, RefusalCode
from domain.register.lines import RegisterChange
from domain.text import MAX_ADDRESS_LENGTH

from ..action import action
from ..membership import lookups
from ..people.lookups import person_locked


@dataclass(frozen=True, slots=True)
class ChangeServiceAddress:
    """A new address on the register."""

    id: Annotated[UUID, Id("mem"), "The membership."]
    service_address: Annotated[str, Text(MAX_ADDRESS_LENGTH), "The new address."]
    changed_on: Annotated[date | None, "The day of the change; today when left out."] = None


@dataclass(frozen=True, slots=True)
class ChangeName:
    """A new name of a person."""

    person_id: Annotated[UUID, Id("per"), "The person."]
    given_name: Annotated[str, Text(), "Given name."]
    family_name: Annotated[str, Text(), "Family name."]
    changed_on: Annotated[date | None, "The day of the change; today when left out."] = None


@action(ANY_PERSON)
async def change_service_address(transaction: Transaction, viewer: Viewer, command: ChangeServiceAddress) -> UUID:
    """Changes the address on the register; by the member or the membership officer.

    The old one stays to be seen (s.113A). Refusals: NOT_FOUND, DATES_CONTRADICT, MEMBERSHIP_NOT_OPEN.
    """
    if viewer.profile.has_any(Role.MEMBERSHIP_OFFICER):
        membership = (await lookups.held(transaction, command.id)).membership
    else:
        membership = (await lookups.own(transaction, viewer, command.id)).membership
    if membership.status not in CURRENT | APPLICATION:
        raise Conflict(RefusalCode.MEMBERSHIP_NOT_OPEN)
    day = await _day_of_change(transaction, command.changed_on, membership.registered_on)
    await memberships.move(transaction, membership.id, command.service_address)
    if membership.status in CURRENT:
        await _line(transaction, viewer, membership.id, RegisterChange.ADDRESS_CHANGED, day)
    return membership.id


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def change_name(transaction: Transaction, viewer: Viewer, command: ChangeName) -> UUID:
    """Changes the name of a person who took another, also on the register; one written down wrongly is corrected.

    The officer has seen why; on every open entry the old name stays to be seen.
    Refusals: NOT_FOUND, OWN_CASE, DATES_CONTRADICT.
    """
    given_name, family_name = command.given_name, command.family_name
    person = await person_locked(transaction, command.person_id, "person_id")
    if person.id == viewer.person:
        raise NotPermitted(RefusalCode.OWN_CASE, field="person_id")
    await transaction.change("person", person.id, {"given_name": given_name, "family_name": family_name})
    for membership in await memberships.memberships_of(transaction, list(CURRENT | APPLICATION), person_id=person.id):
        await memberships.rename(transaction, membership.id, f"{given_name} {family_name}")
        if membership.status in CURRENT:
            day = await _day_of_change(transaction, command.changed_on, membership.registered_on)
            await _line(transaction, viewer, membership.id, RegisterChange.NAME_CHANGED, day)
    return person.id


async def _day_of_change(transaction: Transaction, changed_on: date | None, registered_on: date | None) -> date:
    today = await transaction.today()
    day = changed_on or today
    if day > today:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "That day has not come yet.", "changed_on")
    if registered_on is not None and day < registered_on:
        message = f"It was not on the register before {registered_on}."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, "changed_on", registered_on=registered_on)
    return day


async def _line(
    transaction: Transaction, viewer: Viewer, membership_id: UUID, change: RegisterChange, day: date
) -> None:
    await lines.add_line(transaction, membership_id, change, day, viewer.person)
    await transaction.audit(
        AuditAction.REGISTER_CHANGED, membership_id, viewer.person, change=change.value, changed_on=day
    )
