"""A guardian puts a child on record and applies for them (rule 6)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_to_join
from db.membership.applications import NewMembership
from db.people import guardians, persons, relationships
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Text
from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import ANY_PERSON, Viewer
from domain.membership.eligibility import check_eligible
from domain.membership.lifecycle import MembershipStatus, status_on_submission
from domain.people.guardians import ConsentSource, check_guardianship
from domain.people.matching import same_name
from domain.people.relationships import Relationship, RelationshipSource, check_birth
from domain.refusals import Refusal, kept, refuse_all, told_as
from domain.text import MAX_ADDRESS_LENGTH

from ..action import action
from ..people.guardians import record_consent
from ..people.lookups import person_facts, person_locked, school_numbered
from .submission import PERHAPS_KNOWN, look_closer, send


@dataclass(frozen=True, slots=True)
class RegisterChild:
    """A child of yours, or one you answer for. Registering them is your consent."""

    given_name: Annotated[str, Text(), "Given name."]
    family_name: Annotated[str, Text(), "Family name."]
    date_of_birth: Annotated[date, "Date of birth."]
    school_urn: Annotated[int, "The school they learn at, by its reference number."]
    service_address: Annotated[
        str, Text(MAX_ADDRESS_LENGTH), "The address on the register; an inspection shows the school's instead."
    ]
    constituency: Annotated[str, "The code of the constituency to join."] = "LEARNER"


@action(ANY_PERSON)
async def register_child(transaction: Transaction, viewer: Viewer, command: RegisterChild) -> UUID:
    """Puts a child on record, consents and applies for them; by their guardian.

    Refusals: INPUT_INVALID, DATES_CONTRADICT, NO_CHILD, NOT_A_GUARDIAN, and those of check_eligible.
    """
    guardian, given_name, family_name = viewer.person, command.given_name, command.family_name
    ruleset, today = await ruleset_to_join(transaction), await transaction.today()
    refusals: list[Refusal] = []
    with kept(refusals):
        rule = ruleset.constituency(command.constituency)
    with kept(refusals):
        check_birth(command.date_of_birth, today)
    with kept(refusals):
        school_id = await school_numbered(transaction, command.school_urn)
    refuse_all(refusals)
    child_id = await persons.add_person(transaction, given_name, family_name, None, command.date_of_birth)
    own_name, others = await persons.learners_like(transaction, child_id)
    maybe_known = any(same_name(own_name, other) for other in others)
    answers = await person_locked(transaction, guardian)
    with told_as(child_id="date_of_birth", guardian_id=None):
        check_guardianship(ruleset, child_id, guardian, command.date_of_birth, answers.born, today)
    await guardians.add_guardianship(transaction, child_id, guardian, today, RelationshipSource.DECLARED, None)
    fact = Relationship(RelationshipKind.LEARNER, today)
    await relationships.add_relationship(transaction, child_id, fact, school_id, RelationshipSource.DECLARED)
    await transaction.audit(AuditAction.CHILD_REGISTERED, child_id, guardian)
    await record_consent(transaction, child_id, guardian, command.date_of_birth, ConsentSource.ONLINE, None)
    check_eligible(ruleset, rule, await person_facts(transaction, child_id), today)
    constituency_id, name = await constituency_by_code(transaction, rule.code), f"{given_name} {family_name}"
    status = status_on_submission(rule, consents=True)
    if maybe_known:  # by an import, or by another parent: an officer compares before there are two of one child
        status = MembershipStatus.SUBMITTED
    new = NewMembership(constituency_id, name, command.service_address, person_id=child_id, school_id=school_id)
    membership_id = await send(transaction, ruleset, rule, new, status, [child_id], guardian)
    if maybe_known:
        await look_closer(transaction, ruleset, membership_id, PERHAPS_KNOWN)
    return membership_id
