"""A guardian puts a child on record and applies for them (rule 6)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_in_force
from db.membership import applications, memberships
from db.membership.applications import NewMembership
from db.people import guardians, persons, relationships
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import Viewer, must_be_signed_in
from domain.intake.matching import same_name
from domain.membership.eligibility import check_eligible
from domain.membership.lifecycle import MembershipStatus, status_on_submission
from domain.people.guardians import ConsentSource, check_guardianship
from domain.people.relationships import Relationship, RelationshipSource, check_birth
from domain.text import MAX_ADDRESS_LENGTH, required_text

from ..people.guardians import record_consent
from ..people.lookups import person_facts, person_locked, school_numbered
from .submission import Sent, submit


@dataclass(frozen=True, slots=True)
class Child:
    """A learner whom a guardian puts on record."""

    given_name: str
    family_name: str
    date_of_birth: date
    school_urn: int
    service_address: str
    constituency: str


async def register_child(transaction: Transaction, viewer: Viewer, child: Child) -> UUID:
    """A guardian puts a learner on record, consents, and applies for them.

    Refusals: NOT_SIGNED_IN, INPUT_INVALID, NO_CHILD, and those of check_eligible.
    """
    guardian = must_be_signed_in(viewer)
    ruleset, today = await ruleset_in_force(transaction), await transaction.today()
    rule = ruleset.constituency(child.constituency)
    check_birth(child.date_of_birth, today)
    given_name = required_text(child.given_name, "givenName")
    family_name = required_text(child.family_name, "familyName")
    address = required_text(child.service_address, "serviceAddress", MAX_ADDRESS_LENGTH)
    school_id = await school_numbered(transaction, child.school_urn)
    child_id = await persons.add_person(transaction, given_name, family_name, None, child.date_of_birth)
    own_name, others = await persons.learners_like(transaction, child_id)
    maybe_known = any(same_name(own_name, other) for other in others)
    answers = await person_locked(transaction, guardian, "guardianId")
    until = check_guardianship(ruleset, child_id, guardian, child.date_of_birth, answers.born, today)
    await guardians.add_guardianship(transaction, child_id, guardian, today, until, RelationshipSource.DECLARED, None)
    fact = Relationship(RelationshipKind.LEARNER, today)
    await relationships.add_relationship(transaction, child_id, fact, school_id, RelationshipSource.DECLARED)
    await transaction.audit(AuditAction.CHILD_REGISTERED, child_id, guardian)
    await record_consent(transaction, child_id, guardian, child.date_of_birth, ConsentSource.ONLINE, None)
    check_eligible(ruleset, rule, await person_facts(transaction, child_id), today)
    constituency_id, name = await constituency_by_code(transaction, rule.code), f"{given_name} {family_name}"
    membership_id = await applications.add_membership(
        transaction,
        NewMembership(constituency_id, name, address, person_id=child_id, school_id=school_id),
        MembershipStatus.SUBMITTED,
        guardian,
        ruleset.version,
    )
    status = status_on_submission(rule, consents=True)
    if maybe_known:  # by an import, or by another parent: an officer compares before there are two of one child
        status = MembershipStatus.SUBMITTED
    await submit(transaction, ruleset, Sent(membership_id, rule, status, [child_id]), guardian)
    if maybe_known:
        reason = "perhaps on record already: compare before admitting"
        review = MembershipStatus.UNDER_REVIEW
        await memberships.set_status(transaction, membership_id, review, None, reason, ruleset.version)
        await transaction.audit(AuditAction.MEMBERSHIP_REVIEWED, membership_id, None)
    return membership_id
