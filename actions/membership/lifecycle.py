"""What the clock does to members (rule 22b)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.membership import lifecycle
from db.people import guardians
from db.transactions import Transaction, Transactions
from domain.audit.events import AuditAction
from domain.governance.rulesets import Ruleset
from domain.membership.eligibility import PersonFacts, choices
from domain.membership.lapsing import BEGINS_TO_LAPSE, IS_KEPT, LAPSES, is_due
from domain.membership.lifecycle import HeldMembership, MembershipStatus
from domain.notifications.notice import NoticeKind

from ..notifications.notices import notify
from . import lookups
from .memberships import change_status, end_membership
from .removals import remove_unappealed

BATCH = 200  # memberships a transaction


Find = Callable[[Transaction], Awaitable[Sequence[UUID]]]


Act = Callable[[Transaction, HeldMembership, Ruleset], Awaitable[bool]]  # False where there is nothing to do any more


async def keep_register(transactions: Transactions, trust_id: UUID) -> dict[str, int]:
    """Everything the passing of a day does to a trust's members; how many of each. Safe to run again, or to stop."""
    done = {"removed": await transactions.run(trust_id, remove_unappealed)}
    steps: tuple[tuple[str, Find, Act], ...] = (
        ("kept", lifecycle.with_ground_again, _keep),
        ("lapsing", lifecycle.without_ground, _let_lapse),
        ("lapsed", lifecycle.out_of_grace, _lapse),
        ("drafts", lifecycle.forgotten_drafts, _drop_draft),
    )
    for name, find, act in steps:
        done[name] = await _one_after_the_other(transactions, trust_id, find, act)
    done["handed_over"] = await transactions.run(trust_id, _hand_over)
    return done


async def _one_after_the_other(transactions: Transactions, trust_id: UUID, find: Find, act: Act) -> int:
    """Finds what is due once, and acts in batches; each membership is looked at again when its turn comes."""
    due, done = await transactions.run(trust_id, find), 0
    for start in range(0, len(due), BATCH):
        done += await transactions.run(trust_id, partial(_batch, memberships=due[start : start + BATCH], act=act))
    return done


async def _batch(transaction: Transaction, memberships: Sequence[UUID], act: Act) -> int:
    ruleset, done = await ruleset_in_force(transaction), 0
    for membership_id in memberships:
        held = await lookups.held(transaction, membership_id)
        done += await act(transaction, held, ruleset)
    return done


async def _keep(transaction: Transaction, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership = held.membership
    if not is_due(IS_KEPT, held, ruleset, await transaction.today()):
        return False
    await change_status(transaction, membership, MembershipStatus.ADMITTED, None, None, AuditAction.MEMBERSHIP_KEPT)
    return True


async def _let_lapse(transaction: Transaction, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership, today = held.membership, await transaction.today()
    if not is_due(BEGINS_TO_LAPSE, held, ruleset, today):
        return False
    rule = ruleset.constituency(membership.constituency)
    lapses_on = today + timedelta(days=rule.grace_days)
    await change_status(
        transaction, membership, MembershipStatus.LAPSING, None, None, AuditAction.MEMBERSHIP_LAPSING, lapses_on
    )
    assert membership.person_id is not None
    assert held.facts is not None
    await notify(
        transaction,
        NoticeKind.LAPSING,
        membership.person_id,
        membership.id,
        constituency=rule.name,
        lapses_on=lapses_on,
        choices=_named(ruleset, held.facts, rule.code, today),
    )
    return True


async def _lapse(transaction: Transaction, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership, today = held.membership, await transaction.today()
    if not is_due(LAPSES, held, ruleset, today):
        return False
    await end_membership(transaction, membership, MembershipStatus.LAPSED, today, None, None)
    assert membership.person_id is not None
    assert held.facts is not None
    name, person = ruleset.constituency(membership.constituency).name, membership.person_id
    await notify(transaction, NoticeKind.LAPSED, person, membership.id, constituency=name, ceased_on=today)
    open_to_them = _named(ruleset, held.facts, membership.constituency, today)
    if open_to_them:
        await notify(transaction, NoticeKind.INVITATION, person, membership.id, choices=open_to_them)
    return True


async def _drop_draft(transaction: Transaction, held: HeldMembership, _: Ruleset) -> bool:
    """Takes back an application that was never sent in the time it is kept; what it said is forgotten."""
    membership = held.membership
    if membership.status is not MembershipStatus.DRAFT:
        return False
    await change_status(
        transaction, membership, MembershipStatus.WITHDRAWN, None, "never sent", AuditAction.MEMBERSHIP_WITHDRAWN
    )
    forgotten = {"name": "", "service_address": "", "redacted_on": await transaction.today()}
    await transaction.change("membership", membership.id, forgotten)
    return True


async def _hand_over(transaction: Transaction) -> int:
    """Tells young people that they answer for themselves from now on: their guardians' days are over (rule 6d)."""
    of_age = await guardians.handed_over(transaction)
    for person_id in of_age:
        await notify(transaction, NoticeKind.HANDED_OVER, person_id)
    return len(of_age)


def _named(ruleset: Ruleset, facts: PersonFacts, left: str, day: date) -> str:
    return ", ".join(rule.name for rule in choices(ruleset, facts, left, day))
