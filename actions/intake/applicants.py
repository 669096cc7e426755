"""Applying for those of a file who consented in writing."""

from collections.abc import Sequence
from uuid import UUID

from db.governance.rulesets import constituencies_by_code, ruleset_in_force
from db.intake.applicants import Applicant, applicants
from db.intake.jobs import Job
from db.membership.applications import (
    NewMembership,
    add_memberships,
    eligible_constituencies,
    with_membership,
)
from db.people.persons import people_for_update
from db.transactions import Transaction
from domain.membership.lifecycle import MembershipStatus, status_on_submission

from ..membership.submission import Sent, submit_many

NO_ADDRESS = "not given yet"


async def apply_for_applicants(transaction: Transaction, job: Job, lines: Sequence[int]) -> None:
    """Sends an application for each who consented in one of the rows, in the first constituency they are eligible for.
    What follows is what follows when somebody applies alone.

    A consent in a file carries no day, and is copied from file to file: who was ever a member or an applicant, and
    left, withdrew, or was refused or removed, is not brought back by it, and applies themself (rules 4a and 4g).
    """
    ruleset = await ruleset_in_force(transaction)
    found = await applicants(transaction, job.id, lines)
    people = await people_for_update(
        transaction, [each.person_id for each in found]
    )  # nobody applies for them meanwhile
    known = await with_membership(transaction, list(people))
    eligible = await eligible_constituencies(transaction, list(people.keys() - known))
    chosen = [(each, ruleset.constituency(eligible[each.person_id][0])) for each in found if each.person_id in eligible]
    constituencies = await constituencies_by_code(transaction, ruleset.constituencies)
    new = [_new(each, people[each.person_id].name, constituencies[rule.code]) for each, rule in chosen]
    submitted = MembershipStatus.SUBMITTED
    ids = await add_memberships(transaction, new, submitted, job.created_by, "import", ruleset.version)
    sent = [
        Sent(key, rule, status_on_submission(rule, consents=True), [each.person_id])
        for key, (each, rule) in zip(ids, chosen, strict=True)
    ]
    await submit_many(transaction, ruleset, sent, job.created_by, **{"import": job.id})


def _new(applicant: Applicant, name: str, constituency_id: UUID) -> NewMembership:
    """The address on the register is the school's until the member gives another."""
    address = applicant.school_address or applicant.postcode or NO_ADDRESS
    return NewMembership(constituency_id, name, address, person_id=applicant.person_id, school_id=applicant.school_id)
