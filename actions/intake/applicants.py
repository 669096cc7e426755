"""Applying for those of a file who consented in writing."""

from collections.abc import Collection, Sequence
from uuid import UUID

from db.governance.rulesets import constituencies_by_code, ruleset_to_join
from db.intake.applying import note_who_cannot_apply
from db.intake.jobs import Job
from db.membership.applications import (
    NewMembership,
    add_memberships,
    eligible_constituencies,
    with_membership,
)
from db.people.persons import Person, people_for_update
from db.people.relationships import facts_of
from db.transactions import Transaction
from db.trusts.schools import addresses
from domain.governance.rulesets import ConstituencyRule
from domain.intake.importing import BY_A_FILE
from domain.membership.eligibility import rests_on_evidence
from domain.membership.lifecycle import MembershipStatus, status_on_submission

from ..membership.submission import Sent, qualifying_schools, submit_many

NO_ADDRESS = "not given yet"


async def constituencies_to_join(transaction: Transaction, people: Collection[UUID]) -> dict[UUID, str]:
    """The first constituency that each of the people is eligible for; without those who are for none.

    A consent in a file carries no day, and is copied from file to file: who was ever a member or an applicant, and
    left, withdrew, or was refused or removed, is not brought back by it, and applies themself (rules 4a and 4g).
    """
    known = await with_membership(transaction, list(people))
    eligible = await eligible_constituencies(transaction, [each for each in people if each not in known])
    return {person_id: codes[0] for person_id, codes in eligible.items()}


async def apply_for_people(transaction: Transaction, job: Job, people: Sequence[UUID]) -> int:
    """Sends an application for each of the people that may join, in this order; how many.

    What follows is what follows when somebody applies alone. The rows of who may join nothing are marked.
    """
    ruleset = await ruleset_to_join(transaction)
    locked = await people_for_update(transaction, people)  # nobody applies for them meanwhile
    codes = await constituencies_to_join(transaction, locked.keys())
    unable = locked.keys() - codes.keys()
    await note_who_cannot_apply(transaction, job.id, unable - await with_membership(transaction, list(unable)))
    chosen = [(locked[each], ruleset.constituency(codes[each])) for each in people if each in codes]
    new = await _memberships(transaction, chosen)
    submitted, actor = MembershipStatus.SUBMITTED, job.applied_by
    assert actor is not None, "it is being applied"
    ids = await add_memberships(transaction, new, submitted, actor, BY_A_FILE, ruleset.version)
    facts, today = await facts_of(transaction, [person.id for person, _ in chosen]), await transaction.today()
    sent = [
        Sent(
            key,
            rule,
            status_on_submission(rule, True, rests_on_evidence(ruleset, rule, facts[person.id], today)),
            [person.id],
        )
        for key, (person, rule) in zip(ids, chosen, strict=True)
    ]
    await submit_many(transaction, ruleset, sent, actor, **{"import": job.id})
    return len(sent)


async def _memberships(
    transaction: Transaction, chosen: Sequence[tuple[Person, ConstituencyRule]]
) -> list[NewMembership]:
    """The address on the register is the school's until the member gives another."""
    constituencies = await constituencies_by_code(transaction, {rule.code: rule for _, rule in chosen})
    schools = await qualifying_schools(transaction, {person.id: rule for person, rule in chosen})
    address = await addresses(transaction, {each for each in schools.values() if each is not None})
    return [
        NewMembership(
            constituencies[rule.code],
            person.name,
            address.get(schools[person.id]) or person.contact_address or NO_ADDRESS,
            person_id=person.id,
            school_id=schools[person.id],
        )
        for person, rule in chosen
    ]
