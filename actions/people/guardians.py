"""Those who answer for children (rule 6)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.people import guardians
from db.people.persons import is_alive
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import ANY_PERSON, Role, Viewer, holder_of
from domain.people.guardians import ConsentSource, check_consent, check_guardianship, check_is_guardian
from domain.people.relationships import RelationshipSource
from domain.refusals import NotFound, NotPermitted, RefusalCode
from domain.text import MAX_REASON_LENGTH

from ..action import action
from .lookups import person_locked


@dataclass(frozen=True, slots=True)
class RecordGuardian:
    """Who answers for a child."""

    child_id: Annotated[UUID, Id("per"), "The child."]
    guardian_id: Annotated[UUID, Id("per"), "Who answers for them."]
    evidence: Annotated[str, Text(MAX_REASON_LENGTH), "What was seen."]


@dataclass(frozen=True, slots=True)
class EndGuardianship:
    """Who answers for a child no longer."""

    child_id: Annotated[UUID, Id("per"), "The child."]
    guardian_id: Annotated[UUID, Id("per"), "Who answered for them."]


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """A guardian's consent."""

    child_id: Annotated[UUID, Id("per"), "The child."]
    expires_on: Annotated[date | None, "The first day without it; none: until they answer for themself."] = None
    guardian_id: Annotated[
        UUID | None, Id("per"), "Whose consent the membership officer has on paper; a guardian leaves it out."
    ] = None
    source: Annotated[ConsentSource, "How the officer has it; a guardian leaves it out."] = ConsentSource.FORM


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """A guardian's consent taken back."""

    child_id: Annotated[UUID, Id("per"), "The child."]


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def record_guardian(transaction: Transaction, viewer: Viewer, command: RecordGuardian) -> UUID:
    """Records who answers for a child: kin, foster carers and the authority's officer included.

    Refusals: NOT_FOUND, OWN_APPLICATION, and those of check_guardianship.
    """
    child = await person_locked(transaction, command.child_id, "child_id")
    if command.guardian_id == viewer.person:
        raise NotPermitted(RefusalCode.OWN_APPLICATION, "Nobody makes themself a guardian.", "guardian_id")
    guardian = await person_locked(transaction, command.guardian_id, "guardian_id")
    if not await is_alive(transaction, guardian.id):
        raise NotFound("guardian_id")
    today, ruleset = await transaction.today(), await ruleset_in_force(transaction)
    check_guardianship(ruleset, child.id, guardian.id, child.born, guardian.born, today)
    source = RelationshipSource.VERIFIED
    await guardians.add_guardianship(transaction, child.id, guardian.id, today, source, command.evidence)
    await transaction.audit(AuditAction.GUARDIAN_RECORDED, child.id, viewer.person, guardian_id=guardian.id)
    return child.id


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def end_guardianship(transaction: Transaction, viewer: Viewer, command: EndGuardianship) -> UUID:
    """Ends a guardianship and the consent given in it.

    Refusals: NOT_A_GUARDIAN.
    """
    child_id, guardian_id, today = command.child_id, command.guardian_id, await transaction.today()
    check_is_guardian(await guardians.end_guardianship(transaction, child_id, guardian_id, today))
    await guardians.end_consents(transaction, child_id, guardian_id, today)
    await transaction.audit(AuditAction.GUARDIAN_ENDED, child_id, viewer.person, guardian_id=guardian_id)
    return child_id


@action(ANY_PERSON)
async def give_consent(transaction: Transaction, viewer: Viewer, command: GiveConsent) -> UUID:
    """Consents to a child's membership; by their guardian, or by the membership officer who has it on paper.

    Refusals: NOT_PERMITTED, OWN_CASE, NOT_A_GUARDIAN, those of check_consent.
    """
    guardian, source = viewer.person, ConsentSource.ONLINE
    if command.guardian_id is not None:
        holder_of(Role.MEMBERSHIP_OFFICER).check(viewer)
        if command.guardian_id == guardian:
            raise NotPermitted(RefusalCode.OWN_CASE)
        guardian, source = command.guardian_id, command.source
    check_is_guardian(await guardians.is_said_to_answer_for(transaction, command.child_id, guardian))
    child = await person_locked(transaction, command.child_id, "child_id")
    await record_consent(transaction, child.id, guardian, child.born, source, command.expires_on)
    return child.id


@action(ANY_PERSON)
async def withdraw_consent(transaction: Transaction, viewer: Viewer, command: WithdrawConsent) -> UUID:
    """Takes a guardian's consent back; a membership that rests on it lapses.

    Refusals: NOT_A_GUARDIAN.
    """
    child_id, guardian, today = command.child_id, viewer.person, await transaction.today()
    check_is_guardian(await guardians.is_said_to_answer_for(transaction, child_id, guardian))
    await guardians.end_consents(transaction, child_id, guardian, today)
    await transaction.audit(AuditAction.CONSENT_WITHDRAWN, child_id, guardian)
    return child_id


async def record_consent(
    transaction: Transaction,
    child_id: UUID,
    guardian: UUID,
    born: date | None,
    source: ConsentSource,
    expires_on: date | None,
) -> None:
    today = await transaction.today()
    check_consent(await ruleset_in_force(transaction), born, expires_on, today)
    await guardians.add_consent(transaction, child_id, guardian, source, today, expires_on)
    await transaction.audit(AuditAction.CONSENT_GIVEN, child_id, guardian, until=expires_on)
