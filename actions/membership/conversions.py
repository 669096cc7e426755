"""Going to another constituency."""

from collections.abc import Sequence
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_in_force
from db.membership import applications
from db.membership.applications import NewMembership
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
from .submission import Sent, submit


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
    open_in = await applications.open_constituencies(transaction, membership.person_id, None, besides=membership.id)
    check_plurality(ruleset, open_in, rule.code)
    check_eligible(ruleset, rule, await person_facts(transaction, membership.person_id), await transaction.today())
    assert viewer.person_id is not None
    converted = await applications.add_membership(
        transaction,
        NewMembership(
            await constituency_by_code(transaction, rule.code),
            membership.name,
            membership.service_address,
            person_id=membership.person_id,
            school_id=next((school for kind, school in declared if school and kind in rule.qualifying_kinds), None),
            converted_from=membership.id,
        ),
        MembershipStatus.SUBMITTED,
        viewer.person_id,
        ruleset.version,
    )
    sent = Sent(converted, rule, MembershipStatus.SUBMITTED, [membership.person_id])
    await submit(transaction, ruleset, sent, viewer.person_id)
    return converted
