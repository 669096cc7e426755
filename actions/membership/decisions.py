"""Deciding on applications."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import ruleset_in_force, ruleset_to_join
from db.membership import applications, memberships
from db.people import merges
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import Role, Viewer, holder_of
from domain.membership.eligibility import check_eligible, check_plurality
from domain.membership.lifecycle import (
    ENDED,
    Membership,
    MembershipStatus,
    check_decision,
    check_minute,
    deciders,
)
from domain.notifications.notice import NoticeKind
from domain.people.merging import check_distinct
from domain.refusals import told_as
from domain.text import MAX_REASON_LENGTH

from ..action import action
from ..notifications.notices import notify, notify_many
from ..people.lookups import person_facts
from . import lookups
from .admission import admit_many, welcome
from .applicants import forget_their_word, take_their_word
from .lookups import MembershipById, check_not_theirs
from .memberships import end_membership


@dataclass(frozen=True, slots=True)
class AdmitMember:
    """An application to admit."""

    id: Annotated[UUID, Id("mem"), "The application."]
    minute: Annotated[str | None, Text(MAX_REASON_LENGTH), "Where the board's decision stands, if it decides."] = None
    why_distinct: Annotated[
        str | None, Text(MAX_REASON_LENGTH), "Why whoever on record looks the same (looksTheSame) is somebody else."
    ] = None


@dataclass(frozen=True, slots=True)
class RefuseMember:
    """An application to refuse."""

    id: Annotated[UUID, Id("mem"), "The application."]
    reason: Annotated[str, Text(MAX_REASON_LENGTH), "The reason the applicant is told."]


@action(holder_of(Role.MEMBERSHIP_OFFICER, Role.CLERK))
async def review_application(transaction: Transaction, viewer: Viewer, command: MembershipById) -> UUID:
    """Takes an application up for a closer look.

    Refusals: NOT_FOUND, and those of check_decision.
    """
    membership_id, officer = command.id, viewer.person
    found = await lookups.held(transaction, membership_id)
    await _check_decision(transaction, found.membership, MembershipStatus.UNDER_REVIEW, officer)
    ruleset = await ruleset_in_force(transaction)
    await memberships.set_status(
        transaction, membership_id, MembershipStatus.UNDER_REVIEW, officer, None, ruleset.version
    )
    await transaction.audit(AuditAction.MEMBERSHIP_REVIEWED, membership_id, officer)
    return membership_id


@action(holder_of(Role.MEMBERSHIP_OFFICER, Role.CLERK))
async def admit_member(transaction: Transaction, viewer: Viewer, command: AdmitMember) -> UUID:
    """Enters an applicant on the register; where the board decides, the clerk does.

    A conversion closes the membership it came from on the same day. Refusals: NOT_PERMITTED, NOT_FOUND, MINUTE_NEEDED,
    LOOKS_THE_SAME, OWN_CASE where the officer is who looks the same, REMOVAL_UNDER_WAY for a conversion out of a removal,
    and those of check_decision, check_eligible and check_plurality, which asks in what they are a member by now.
    """
    found, minute, officer = await lookups.held(transaction, command.id), command.minute, viewer.person
    membership, today = found.membership, await transaction.today()
    await lookups.lock_holder(
        transaction, membership
    )  # nobody joins for them, or corrects what is known of them, meanwhile
    ruleset = await ruleset_to_join(transaction)
    rule = ruleset.constituency(membership.constituency, "id")
    holder_of(*deciders(rule)).check(viewer)
    await _check_decision(transaction, membership, MembershipStatus.ADMITTED, officer)
    check_minute(rule, minute)
    if membership.person_id is not None:
        with told_as(constituency="id", date_of_birth="id"):
            check_eligible(ruleset, rule, await person_facts(transaction, membership.person_id), today)
    if membership.converted_from is not None:
        await _close_converted(transaction, membership.converted_from, officer)
    member_in = await applications.constituencies_of(transaction, membership.person_id, membership.organisation_id)
    check_plurality(ruleset, member_in, rule.code)
    await _check_distinct(transaction, membership, command.why_distinct, officer)
    numbers = await admit_many(transaction, ruleset, {membership.id: rule}, officer, minute)
    await take_their_word(transaction, membership)
    holders = await memberships.holders(transaction, membership, today)
    welcomes = [welcome(rule, membership.id, numbers[membership.id], each, _member(membership)) for each in holders]
    await notify_many(transaction, NoticeKind.ADMITTED, welcomes)
    return membership.id


@action(holder_of(Role.MEMBERSHIP_OFFICER, Role.CLERK))
async def refuse_member(transaction: Transaction, viewer: Viewer, command: RefuseMember) -> UUID:
    """Refuses an application; where the board decides, the clerk does, and either where the rules no longer have the
    constituency.

    Refusals: NOT_PERMITTED, NOT_FOUND, and those of check_decision.
    """
    membership = (await lookups.held(transaction, command.id)).membership
    ruleset, reason, officer = await ruleset_in_force(transaction), command.reason, viewer.person
    rule = ruleset.constituencies.get(membership.constituency)
    if rule is not None:
        holder_of(*deciders(rule)).check(viewer)
    await _check_decision(transaction, membership, MembershipStatus.REFUSED, officer)
    await memberships.set_status(transaction, membership.id, MembershipStatus.REFUSED, officer, reason, ruleset.version)
    await transaction.audit(AuditAction.MEMBERSHIP_REFUSED, membership.id, officer)
    for recipient in await memberships.holders(transaction, membership, await transaction.today()):
        await notify(transaction, NoticeKind.REFUSED, recipient, membership.id, _member(membership), reason=reason)
    await forget_their_word(transaction, membership)
    return membership.id


async def _check_decision(
    transaction: Transaction, membership: Membership, to: MembershipStatus, officer: UUID
) -> None:
    check_decision(membership, to, officer, represents=await lookups.answers_for(transaction, officer, membership))


async def _check_distinct(
    transaction: Transaction, membership: Membership, why_distinct: str | None, officer: UUID
) -> None:
    """Rule 3d. Whoever has been told apart once is not asked for again."""
    if membership.person_id is None:
        return
    person_id = membership.person_id
    others = (await merges.who_look_the_same(transaction, [person_id])).get(person_id, [])
    check_distinct(others, why_distinct)
    if not others or why_distinct is None:
        return
    for other in others:
        await check_not_theirs(transaction, officer, other)
    await merges.tell_apart(transaction, person_id, others, why_distinct, officer)
    await transaction.audit(AuditAction.PEOPLE_TOLD_APART, person_id, officer, others=others)


async def _close_converted(transaction: Transaction, membership_id: UUID, officer: UUID) -> None:
    left = (await lookups.held(transaction, membership_id)).membership
    if left.status not in ENDED:  # they left meanwhile, and join anew
        today = await transaction.today()
        await end_membership(transaction, left, MembershipStatus.CONVERTED, today, officer, None)


def _member(membership: Membership) -> str | None:
    """Whose membership a notice is about, where that is not the person told."""
    return membership.name if membership.organisation_id is not None else None
