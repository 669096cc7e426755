"""Those who answer for children (rule 6)."""

from datetime import date
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.people import guardians
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_be_signed_in, must_hold
from domain.people.guardians import ConsentSource, check_guardianship, check_is_guardian, consent_until
from domain.people.relationships import RelationshipSource
from domain.refusals import NotPermitted, RefusalCode
from domain.text import MAX_REASON_LENGTH, required_text

from .lookups import person_locked


async def record_guardian(
    transaction: Transaction, viewer: Viewer, child_id: UUID, guardian_id: UUID, evidence: str
) -> UUID:
    """The officer records who answers for a child, kin, foster carers and the authority's officer included.

    Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, OWN_GUARDIAN, NO_CHILD, OWN_APPLICATION.
    """
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    evidence = required_text(evidence, "evidence", MAX_REASON_LENGTH)
    child = await person_locked(transaction, child_id, "childId")
    if guardian_id == officer:
        raise NotPermitted(RefusalCode.OWN_APPLICATION, "Nobody makes themself a guardian.")
    guardian = await person_locked(transaction, guardian_id, "guardianId")
    today, ruleset = await transaction.today(), await ruleset_in_force(transaction)
    until = check_guardianship(ruleset, child_id, guardian_id, child.born, guardian.born, today)
    source = RelationshipSource.VERIFIED
    await guardians.add_guardianship(transaction, child_id, guardian_id, today, until, source, evidence)
    await transaction.audit(AuditAction.GUARDIAN_RECORDED, child_id, officer, guardian_id=guardian_id)
    return child_id


async def end_guardianship(transaction: Transaction, viewer: Viewer, child_id: UUID, guardian_id: UUID) -> UUID:
    """Somebody answers for the child no longer; their consent goes with it. Refusals: as must_hold, NOT_A_GUARDIAN."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    today = await transaction.today()
    check_is_guardian(await guardians.end_guardianship(transaction, child_id, guardian_id, today))
    await guardians.end_consents(transaction, child_id, guardian_id, today)
    await transaction.audit(AuditAction.GUARDIAN_ENDED, child_id, officer, guardian_id=guardian_id)
    return child_id


async def give_consent(
    transaction: Transaction,
    viewer: Viewer,
    child_id: UUID,
    expires_on: date | None,
    on_paper: tuple[UUID, ConsentSource] | None,
) -> UUID:
    """A guardian consents to the child's membership; or the officer has their consent `on_paper`: whose, and how.

    Refusals: NOT_SIGNED_IN, NOT_PERMITTED, NOT_A_GUARDIAN, those of consent_until.
    """
    guardian, source = must_be_signed_in(viewer), ConsentSource.ONLINE
    if on_paper is not None:
        must_hold(viewer, Role.MEMBERSHIP_OFFICER)
        if on_paper[0] == guardian:
            raise NotPermitted(RefusalCode.OWN_CASE)
        guardian, source = on_paper
    check_is_guardian(await guardians.is_guardian(transaction, child_id, guardian, await transaction.today()))
    child = await person_locked(transaction, child_id, "childId")
    await record_consent(transaction, child_id, guardian, child.born, source, expires_on)
    return child_id


async def withdraw_consent(transaction: Transaction, viewer: Viewer, child_id: UUID) -> UUID:
    """A guardian takes consent back; a membership that rested on it lapses. Refusals: NOT_SIGNED_IN, NOT_A_GUARDIAN."""
    guardian = must_be_signed_in(viewer)
    today = await transaction.today()
    check_is_guardian(await guardians.is_guardian(transaction, child_id, guardian, today))
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
    until = consent_until(await ruleset_in_force(transaction), born, expires_on, today)
    await guardians.add_consent(transaction, child_id, guardian, source, today, until)
    await transaction.audit(AuditAction.CONSENT_GIVEN, child_id, guardian, until=until)
