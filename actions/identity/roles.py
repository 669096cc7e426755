"""Giving and ending roles."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from db.identity import roles, sessions
from db.people.persons import is_alive
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id
from domain.identity.viewer import Role, Viewer, holder_of
from domain.refusals import Conflict, NotFound, RefusalCode

from ..action import action


@dataclass(frozen=True, slots=True)
class GrantRole:
    """A role for a person."""

    person_id: Annotated[UUID, Id("per"), "The person."]
    role: Annotated[Role, "The role."]


@dataclass(frozen=True, slots=True)
class EndRole:
    """A role that a person is to hold no longer."""

    person_id: Annotated[UUID, Id("per"), "The person."]
    role: Annotated[Role, "The role."]


@action(holder_of(Role.CLERK))
async def grant_role(transaction: Transaction, viewer: Viewer, command: GrantRole) -> UUID:
    """Gives a person a role. Ends the person's sessions.

    Refusals: NOT_FOUND, ROLE_ALREADY_HELD.
    """
    if not await is_alive(transaction, command.person_id):
        raise NotFound("person_id")
    if not await roles.add_role(transaction, command.person_id, command.role):
        raise Conflict(RefusalCode.ROLE_ALREADY_HELD, field="role")
    await sessions.end_sessions_of(transaction, command.person_id)
    await transaction.audit(AuditAction.ROLE_GRANTED, command.person_id, viewer.person, role=command.role.value)
    return command.person_id


@action(holder_of(Role.CLERK))
async def end_role(transaction: Transaction, viewer: Viewer, command: EndRole) -> UUID:
    """Ends a role of a person. Ends the person's sessions.

    Refusals: NOT_FOUND.
    """
    if not await roles.end_role(transaction, command.person_id, command.role):
        raise NotFound("role")
    await sessions.end_sessions_of(transaction, command.person_id)
    await transaction.audit(AuditAction.ROLE_ENDED, command.person_id, viewer.person, role=command.role.value)
    return command.person_id
