"""What follows when applications are sent, whoever sends them: applicants, guardians, representatives, or a file of
people who consented in writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.governance.rulesets import ConstituencyRule, Ruleset
from domain.membership.lifecycle import MembershipStatus
from domain.notifications.notice import NoticeKind

from ..notifications.notices import Notice, notify_many
from .admission import admit_many, welcome


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


async def submit(transaction: Transaction, ruleset: Ruleset, sent: Sent, actor_id: UUID) -> None:
    """As submit_many, of one application."""
    await submit_many(transaction, ruleset, [sent], actor_id)


async def submit_many(
    transaction: Transaction, ruleset: Ruleset, sent: Sequence[Sent], actor_id: UUID, **details: object
) -> None:
    """Notes that the applications were sent, admits at once whom the rules admit, and tells the applicants. `details`
    go into the audit trail."""
    await transaction.audit_many(
        AuditAction.MEMBERSHIP_APPLIED,
        actor_id,
        [(each.membership_id, {"constituency": each.rule.code, **details}) for each in sent],
    )
    await _admit(transaction, ruleset, [each for each in sent if each.status is MembershipStatus.ADMITTED], actor_id)
    await _acknowledge(transaction, [each for each in sent if each.status is not MembershipStatus.ADMITTED])


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
