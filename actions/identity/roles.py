"""Giving and ending roles."""

from uuid import UUID

from db.identity import roles, sessions
from db.people.persons import person_exists
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_hold
from domain.refusals import Conflict, NotFound, RefusalCode


async def grant_role(transaction: Transaction, viewer: Viewer, person_id: UUID, role: Role) -> UUID:
    """By the clerk; ends the person's sessions. Refusals: as must_hold, NOT_FOUND, ROLE_ALREADY_HELD."""
    clerk = must_hold(viewer, Role.CLERK)
    if not await person_exists(transaction, person_id):
        raise NotFound("personId")
    if not await roles.add_role(transaction, person_id, role):
        raise Conflict(RefusalCode.ROLE_ALREADY_HELD, field="role")
    await sessions.end_sessions_of(transaction, person_id)
    await transaction.audit(AuditAction.ROLE_GRANTED, person_id, clerk, role=role.value)
    return person_id


async def end_role(transaction: Transaction, viewer: Viewer, person_id: UUID, role: Role) -> UUID:
    """By the clerk; ends the person's sessions. Refusals: as must_hold, NOT_FOUND."""
    clerk = must_hold(viewer, Role.CLERK)
    if not await roles.end_role(transaction, person_id, role):
        raise NotFound("role")
    await sessions.end_sessions_of(transaction, person_id)
    await transaction.audit(AuditAction.ROLE_ENDED, person_id, clerk, role=role.value)
    return person_id
