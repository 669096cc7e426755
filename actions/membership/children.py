"""A guardian puts a child on record and applies for them (rule 6)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_to_join
from db.membership import applications
from db.membership.applications import NewMembership
from db.people import guardians, persons, relationships
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Text
from domain.governance.qualification import RelationshipKind
from domain.governance.rulesets import Ruleset
from domain.identity.viewer import ANY_PERSON, Viewer
from domain.membership.eligibility import check_eligible, check_plurality
from domain.membership.lifecycle import MembershipStatus
from domain.people.guardians import ConsentSource, check_guardianship, check_is_grown_up
from domain.people.matching import is_same_child
from domain.people.relationships import Relationship, RelationshipSource, check_birth
from domain.refusals import Refusal, kept, refuse_all, told_as
from domain.text import MAX_ADDRESS_LENGTH

from ..action import action
from ..people.guardians import record_consent
from ..people.lookups import person_facts, person_locked, school_numbered
from .submission import send


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
    """Puts a child on record, consents and applies for them; by their guardian, a member or not.

    An officer decides, whatever the rules say of others (rule 4j). Whether the child is on record, or a member, by
    somebody else's word is neither asked nor told here: an officer compares before admitting (rule 3h). A child for whom
    the caller answers already is not put on record again.
    Refusals: INPUT_INVALID, DATES_CONTRADICT, NO_CHILD, NOT_A_GUARDIAN, ALREADY_A_MEMBER of a child of the caller's own,
    and those of check_eligible.
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
    await person_locked(transaction, guardian)  # who sends the form twice at once registers one child
    child_id = await _own_child(transaction, guardian, command)
    if child_id is None:
        child_id = await _put_on_record(transaction, guardian, command, ruleset)
    else:
        await person_locked(transaction, child_id)
    open_in = await applications.open_constituencies(transaction, child_id, None)
    check_plurality(ruleset, open_in, rule.code)
    fact = Relationship(RelationshipKind.LEARNER, today)
    await relationships.add_relationship(transaction, child_id, fact, school_id, RelationshipSource.DECLARED)
    await record_consent(transaction, child_id, guardian, command.date_of_birth, ConsentSource.ONLINE, None)
    check_eligible(ruleset, rule, await person_facts(transaction, child_id), today)
    constituency_id, name = await constituency_by_code(transaction, rule.code), f"{given_name} {family_name}"
    new = NewMembership(constituency_id, name, command.service_address, person_id=child_id, school_id=school_id)
    return await send(transaction, ruleset, rule, new, MembershipStatus.SUBMITTED, [child_id], guardian)


async def _own_child(transaction: Transaction, guardian: UUID, command: RegisterChild) -> UUID | None:
    """The child for whom the caller says, or is known, to answer already."""
    name, known = await guardians.children_of(transaction, guardian, command.given_name, command.family_name)
    born = command.date_of_birth
    return next((found for found, other, other_born in known if is_same_child(name, born, other, other_born)), None)


async def _put_on_record(transaction: Transaction, guardian: UUID, command: RegisterChild, ruleset: Ruleset) -> UUID:
    """Refusals: NO_CHILD, NOT_A_GUARDIAN."""
    born, today = command.date_of_birth, await transaction.today()
    answers = await person_facts(transaction, guardian)
    check_is_grown_up(answers, today)
    child_id = await persons.add_person(transaction, command.given_name, command.family_name, None, born)
    with told_as(child_id="date_of_birth", guardian_id=None):
        check_guardianship(ruleset, child_id, guardian, born, answers.born, today)
    await guardians.add_guardianship(transaction, child_id, guardian, today, RelationshipSource.DECLARED, None)
    await transaction.audit(AuditAction.CHILD_REGISTERED, child_id, guardian)
    return child_id
