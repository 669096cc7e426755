"""What the clock does to members (rule 22b)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from db.governance.rulesets import last_rule_of, ruleset_in_force
from db.membership import lifecycle
from db.notifications.notices import last_told
from db.people import guardians
from db.transactions import Transaction, Transactions
from domain.audit.events import AuditAction
from domain.conditions import Condition, each_that_holds
from domain.governance.rulesets import ConstituencyRule, Ruleset
from domain.membership.eligibility import LOST_GROUNDS, PersonFacts, choices, facts_about
from domain.membership.lapsing import BEGINS_TO_LAPSE, IS_KEPT, LAPSES, is_due
from domain.membership.lifecycle import HeldMembership, MembershipStatus
from domain.membership.notices import LAPSING_OR_NOT
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


async def _due_in(
    transaction: Transaction, step: Condition, held: HeldMembership, ruleset: Ruleset
) -> ConstituencyRule | None:
    """The rules of the constituency in which the step is due; None where it is not."""
    rule = await last_rule_of(transaction, held.membership.constituency)
    return rule if is_due(step, held, ruleset, rule, await transaction.today()) else None


async def _keep(transaction: Transaction, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership = held.membership
    rule = await _due_in(transaction, IS_KEPT, held, ruleset)
    if rule is None:
        return False
    await change_status(transaction, membership, MembershipStatus.ADMITTED, None, None, AuditAction.MEMBERSHIP_KEPT)
    # after the letters that wait were withdrawn: a batch that was being made has left by now
    if await last_told(transaction, membership.id, LAPSING_OR_NOT) is NoticeKind.LAPSING:
        assert membership.person_id is not None
        await notify(transaction, NoticeKind.KEPT, membership.person_id, membership.id, constituency=rule.name)
    return True


async def _let_lapse(transaction: Transaction, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership, today = held.membership, await transaction.today()
    rule = await _due_in(transaction, BEGINS_TO_LAPSE, held, ruleset)
    if rule is None:
        return False
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
        grounds=_grounds(held.facts, ruleset, rule, today),
        choices=_named(ruleset, held.facts, rule.code, today),
    )
    return True


async def _lapse(transaction: Transaction, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership, today = held.membership, await transaction.today()
    rule = await _due_in(transaction, LAPSES, held, ruleset)
    if rule is None:
        return False
    await end_membership(transaction, membership, MembershipStatus.LAPSED, today, None, None)
    assert membership.person_id is not None
    assert held.facts is not None
    person, grounds = membership.person_id, _grounds(held.facts, ruleset, rule, today)
    await notify(
        transaction,
        NoticeKind.LAPSED,
        person,
        membership.id,
        constituency=rule.name,
        ceased_on=today,
        grounds=grounds,
    )
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


def _grounds(facts: PersonFacts, ruleset: Ruleset, rule: ConstituencyRule, day: date) -> str:
    """The codes of the grounds that are lost, as the templates ask for them."""
    return " ".join(each_that_holds(LOST_GROUNDS, facts_about(facts, ruleset, rule, day)))


def _named(ruleset: Ruleset, facts: PersonFacts, left: str, day: date) -> str:
    return ", ".join(rule.name for rule in choices(ruleset, facts, left, day))
