"""Entering on the register whoever is admitted: by a decision, or at once."""

from collections.abc import Mapping
from uuid import UUID

from db.membership import memberships
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.governance.rulesets import ConstituencyRule, Ruleset
from domain.register.lines import terms

from ..notifications.notices import Notice


async def admit_many(
    transaction: Transaction,
    ruleset: Ruleset,
    admitted: Mapping[UUID, ConstituencyRule],
    actor_id: UUID,
    minute: str | None,
) -> dict[UUID, int]:
    """Enters the members on the register, each in its constituency, in their order; the number of each."""
    today = await transaction.today()
    numbers = await memberships.enter_on_register(
        transaction,
        {key: terms(ruleset, rule) for key, rule in admitted.items()},
        today,
        actor_id,
        minute,
        ruleset.version,
    )
    await transaction.audit_many(
        AuditAction.MEMBERSHIP_ADMITTED,
        actor_id,
        [
            (key, {"number": numbers[key], "constituency": rule.code, "registered_on": today})
            for key, rule in admitted.items()
        ],
    )
    return numbers


def welcome(rule: ConstituencyRule, membership_id: UUID, number: int, recipient: UUID, member: str | None) -> Notice:
    """What somebody is told whose membership, or whose organisation's, has begun."""
    return Notice(recipient, membership_id, member, {"number": str(number), "constituency": rule.name})
