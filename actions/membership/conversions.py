"""Going to another constituency."""

from collections.abc import Sequence
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_in_force
from db.membership import memberships
from db.transactions import Transaction
from domain.identity.viewer import Viewer
from domain.membership.eligibility import check_eligible, check_plurality
from domain.membership.lifecycle import (
    MembershipStatus,
    check_step,
)
from domain.refusals import Invalid, RefusalCode

from ..people.lookups import person_facts, person_locked
from ..people.relationships import DeclaredRelationship, declare
from . import lookups
from .applications import submit


async def request_conversion(
    transaction: Transaction,
    viewer: Viewer,
    membership_id: UUID,
    constituency: str,
    relationships: Sequence[DeclaredRelationship],
) -> UUID:
    """Asks to go to another constituency; admit_member then closes the old membership and opens the new one.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, INPUT_INVALID, MEMBERSHIP_NOT_OPEN, ALREADY_A_MEMBER, those of check_eligible.
    """
    membership = (await lookups.own(transaction, viewer, membership_id)).membership
    check_step(membership.status, MembershipStatus.CONVERTED)
    ruleset = await ruleset_in_force(transaction)
    rule = ruleset.constituency(constituency)
    if constituency == membership.constituency or membership.person_id is None:
        raise Invalid(RefusalCode.NOT_ELIGIBLE, "That is the constituency of the membership.", "constituency")
    await person_locked(transaction, membership.person_id, "id")
    declared = await declare(transaction, membership.person_id, relationships) if relationships else []
    open_in = await memberships.open_constituencies(transaction, membership.person_id, None, besides=membership.id)
    check_plurality(ruleset, open_in, rule.code)
    check_eligible(ruleset, rule, await person_facts(transaction, membership.person_id), await transaction.today())
    converted = await memberships.add_membership(
        transaction,
        (membership.person_id, None),
        await constituency_by_code(transaction, rule.code),
        next((school for kind, school in declared if school and kind in rule.qualifying_kinds), None),
        membership.name,
        membership.service_address,
        MembershipStatus.DRAFT,
        ruleset.version,
        converted_from=membership.id,
    )
    assert viewer.person_id is not None
    await submit(
        transaction, ruleset, rule, converted, membership.person_id, viewer.person_id, MembershipStatus.SUBMITTED
    )
    return converted
