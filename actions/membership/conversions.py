"""Going to another constituency."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_to_join
from db.membership import applications
from db.membership.applications import NewMembership
from db.transactions import Transaction
from domain.forms import Id, Many
from domain.identity.viewer import ANY_PERSON, Viewer
from domain.membership.eligibility import check_eligible, check_plurality
from domain.membership.lifecycle import (
    MembershipStatus,
    check_step,
)
from domain.refusals import Invalid, Refusal, RefusalCode, kept, refuse_all, told_as

from ..action import action
from ..people.lookups import person_facts, person_locked
from ..people.relationships import MOST_RELATIONSHIPS, DeclaredRelationship, at_schools, by_field, declare
from . import lookups
from .submission import qualifying_school, send


@dataclass(frozen=True, slots=True)
class RequestConversion:
    """Another constituency to go to."""

    id: Annotated[UUID, Id("mem"), "Your membership."]
    constituency: Annotated[str, "The code of the constituency to go to."]
    relationships: Annotated[
        Sequence[DeclaredRelationship],
        Many(0, MOST_RELATIONSHIPS),
        "What makes you eligible there, where it is not on record.",
    ] = ()


@action(ANY_PERSON)
async def request_conversion(transaction: Transaction, viewer: Viewer, command: RequestConversion) -> UUID:
    """Asks to go to another constituency. Admitted, it closes the old membership and opens the new one.

    Refusals: NOT_FOUND, INPUT_INVALID, MEMBERSHIP_NOT_OPEN, REMOVAL_UNDER_WAY, ALREADY_A_MEMBER, those of check_eligible.
    """
    membership = (await lookups.own(transaction, viewer, command.id)).membership
    check_step(membership.status, MembershipStatus.CONVERTED, membership.removal)
    ruleset = await ruleset_to_join(transaction)
    refusals: list[Refusal] = []
    with kept(refusals):
        rule = ruleset.constituency(command.constituency)
    with kept(refusals):
        known_at = await at_schools(transaction, by_field(command.relationships))
    refuse_all(refusals)
    if command.constituency == membership.constituency or membership.person_id is None:
        raise Invalid(RefusalCode.NOT_ELIGIBLE, "That is the constituency of the membership.", "constituency")
    await person_locked(transaction, membership.person_id)
    await declare(transaction, membership.person_id, known_at)
    open_in = await applications.open_constituencies(transaction, membership.person_id, None, besides=membership.id)
    check_plurality(ruleset, open_in, rule.code)
    facts, today = await person_facts(transaction, membership.person_id), await transaction.today()
    with told_as(date_of_birth="constituency"):
        check_eligible(ruleset, rule, facts, today)
    new = NewMembership(
        await constituency_by_code(transaction, rule.code),
        membership.name,
        membership.service_address,
        person_id=membership.person_id,
        school_id=await qualifying_school(transaction, membership.person_id, rule),
        converted_from=membership.id,
    )
    recipients, submitted = [membership.person_id], MembershipStatus.SUBMITTED
    return await send(transaction, ruleset, rule, new, submitted, recipients, viewer.person)
