"""What follows when applications are sent, whoever sends them: applicants, guardians, representatives, or a file of
people who consented in writing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db.membership import memberships, removals
from db.membership.applications import NewMembership, add_membership
from db.membership.memberships import set_status
from db.people import merges
from db.people.relationships import places_of
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.governance.rulesets import ConstituencyRule, Ruleset
from domain.membership.lifecycle import MembershipStatus
from domain.notifications.notice import NoticeKind

from ..notifications.notices import Notice, notify_many
from .admission import admit_many, welcome

PERHAPS_KNOWN = "perhaps on record already: compare before admitting"
HAD_A_REMOVAL = "there was a removal: see it before admitting"


@dataclass(frozen=True, slots=True)
class Sent:
    """An application that is stored as submitted.

    `status` is what it becomes at once: that of status_on_submission, unless an officer has to look first. `recipients`
    hear of it; `member` is whose it is where that is not them: an organisation.
    """

    membership_id: UUID
    rule: ConstituencyRule
    status: MembershipStatus
    recipients: Sequence[UUID]
    member: str | None = None


async def send(
    transaction: Transaction,
    ruleset: Ruleset,
    rule: ConstituencyRule,
    new: NewMembership,
    status: MembershipStatus,
    recipients: Sequence[UUID],
    actor_id: UUID,
    member: str | None = None,
) -> UUID:
    """Stores an application as submitted, and does what follows; `status`, `recipients` and `member` as of Sent."""
    submitted = MembershipStatus.SUBMITTED
    membership_id = await add_membership(transaction, new, submitted, actor_id, ruleset.version)
    await submit(transaction, ruleset, Sent(membership_id, rule, status, recipients, member), actor_id)
    return membership_id


async def look_closer(transaction: Transaction, ruleset: Ruleset, membership_id: UUID, reason: str) -> None:
    """Puts an application that was sent, and admitted by nobody, under review: whoever decides on it reads why."""
    review = MembershipStatus.UNDER_REVIEW
    await set_status(transaction, membership_id, review, None, reason, ruleset.version)
    await transaction.audit(AuditAction.MEMBERSHIP_REVIEWED, membership_id, None)


async def qualifying_schools(
    transaction: Transaction, rules: Mapping[UUID, ConstituencyRule]
) -> dict[UUID, UUID | None]:
    """Of each person the school their membership of this constituency is about: the one they came to last, of those at
    which they stand today as the constituency asks."""
    places = await places_of(transaction, rules)
    return {
        person_id: next(
            (school for kind, school in places[person_id] if school and kind in rule.qualifying_kinds), None
        )
        for person_id, rule in rules.items()
    }


async def qualifying_school(transaction: Transaction, person_id: UUID, rule: ConstituencyRule) -> UUID | None:
    """As qualifying_schools, of one person."""
    return (await qualifying_schools(transaction, {person_id: rule}))[person_id]


async def submit(transaction: Transaction, ruleset: Ruleset, sent: Sent, actor_id: UUID) -> None:
    """As submit_many, of one application."""
    await submit_many(transaction, ruleset, [sent], actor_id)


async def submit_many(
    transaction: Transaction, ruleset: Ruleset, sent: Sequence[Sent], actor_id: UUID, **details: object
) -> None:
    """Notes that the applications were sent, admits at once whom the rules admit, and tells the applicants. Whoever had a
    removal in the trust, or looks the same as somebody on record, is looked at first (rules 3d and 4g). `details` go into
    the audit trail."""
    await transaction.audit_many(
        AuditAction.MEMBERSHIP_APPLIED,
        actor_id,
        [(each.membership_id, {"constituency": each.rule.code, **details}) for each in sent],
    )
    at_once = [each.membership_id for each in sent if each.status is MembershipStatus.ADMITTED]
    doubts = await _doubts(transaction, at_once) if at_once else {}
    for membership_id, reason in doubts.items():
        await look_closer(transaction, ruleset, membership_id, reason)
    admitted = set(at_once) - doubts.keys()
    await _admit(transaction, ruleset, [each for each in sent if each.membership_id in admitted], actor_id)
    await _acknowledge(transaction, [each for each in sent if each.membership_id not in admitted])


async def _doubts(transaction: Transaction, sent: Sequence[UUID]) -> dict[UUID, str]:
    """Why an officer decides on some of the applications that the rules would admit at once."""
    people = await memberships.people_of(transaction, sent)
    alike = await merges.who_look_the_same(transaction, list(people.values()))
    return {
        **{each: PERHAPS_KNOWN for each, person_id in people.items() if person_id in alike},
        **dict.fromkeys(await removals.seen_first(transaction, sent), HAD_A_REMOVAL),
    }


async def _admit(transaction: Transaction, ruleset: Ruleset, sent: Sequence[Sent], actor_id: UUID) -> None:
    if not sent:
        return
    rules = {each.membership_id: each.rule for each in sent}
    numbers = await admit_many(transaction, ruleset, rules, actor_id, None)
    welcomes = [
        welcome(each.rule, each.membership_id, numbers[each.membership_id], recipient, each.member)
        for each in sent
        for recipient in each.recipients
    ]
    await notify_many(transaction, NoticeKind.ADMITTED, welcomes)


async def _acknowledge(transaction: Transaction, sent: Sequence[Sent]) -> None:
    received = [
        Notice(recipient, each.membership_id, each.member, {"constituency": each.rule.name})
        for each in sent
        for recipient in each.recipients
    ]
    await notify_many(transaction, NoticeKind.RECEIVED, received)
