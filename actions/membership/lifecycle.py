"""What the clock does to members (rule 22b)."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from db.connection import UNAVAILABLE
from db.governance.rulesets import last_rule_of, ruleset_in_force
from db.membership import lifecycle
from db.membership.duties import Case, note_failures
from db.membership.memberships import set_status
from db.membership.removals import unappealed
from db.notifications.notices import last_told
from db.people import guardians
from db.transactions import Transaction, Transactions
from domain.audit.events import AuditAction
from domain.conditions import Condition, each_that_holds
from domain.governance.rulesets import ConstituencyRule, Ruleset
from domain.membership.duties import Duty
from domain.membership.eligibility import LOST_GROUNDS, PersonFacts, choices, facts_about
from domain.membership.lapsing import BEGINS_TO_LAPSE, IS_KEPT, LAPSES, is_due
from domain.membership.lifecycle import HeldMembership, Membership, MembershipStatus
from domain.membership.notices import LAPSING_OR_NOT
from domain.notifications.notice import NoticeKind
from domain.refusals import failure_code

from ..isolation import Act, Outcome, each_in_isolation
from ..notifications.notices import notify
from . import lookups
from .memberships import change_status, end_membership
from .removals import remove_unappealed

log = logging.getLogger("folkmoot.worker")


Find = Callable[[Transaction], Awaitable[Sequence[UUID]]]


ActOnMember = Callable[[Transaction, HeldMembership, Ruleset], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Step:
    """A duty: which cases are due, and what is done with each, which is looked at again when its turn comes."""

    duty: Duty
    find: Find
    act: Act


async def keep_register(transactions: Transactions, trust_id: UUID) -> dict[str, int]:
    """Everything the passing of a day does to a trust's members; how many of each. Safe to run again, or to stop.

    What fails is logged, listed for the officers and tried again the next time; everything else goes on.
    """
    done, failed = dict[str, int](), dict[Case, str]()
    for step in _STEPS:
        outcome = await _outcome(transactions, trust_id, step)
        done[step.duty.lower()] = outcome.done
        for case, error in outcome.failed.items():
            failed[step.duty, case] = code = failure_code(error)
            log.error({"trust": str(trust_id), "duty": step.duty.value, "case": str(case), "failure": code})
    await transactions.run(trust_id, partial(note_failures, failed=failed))
    return {**done, "failed": len(failed)}


async def _outcome(transactions: Transactions, trust_id: UUID, step: Step) -> Outcome:
    try:
        due = await transactions.run(trust_id, step.find)
    except UNAVAILABLE:
        raise
    except Exception as error:
        return Outcome(0, {trust_id: error})
    return await each_in_isolation(transactions, trust_id, due, step.act)


def _member(act: ActOnMember) -> Act:
    async def acting(transaction: Transaction, membership_id: UUID) -> bool:
        held = await lookups.held(transaction, membership_id)
        return await act(transaction, held, await ruleset_in_force(transaction))

    return acting


async def _due_in(
    transaction: Transaction, step: Condition, held: HeldMembership, ruleset: Ruleset
) -> ConstituencyRule | None:
    """The rules of the constituency in which the step is due; None where it is not."""
    rule = await last_rule_of(transaction, held.membership.constituency)
    return rule if is_due(step, held, ruleset, rule, await transaction.today()) else None


async def _remove_unappealed(transaction: Transaction, held: HeldMembership, _: Ruleset) -> bool:
    return await remove_unappealed(transaction, held.membership)


async def _keep(transaction: Transaction, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership = held.membership
    rule = await _due_in(transaction, IS_KEPT, held, ruleset)
    if rule is None:
        return False
    await _set_day(transaction, membership, AuditAction.MEMBERSHIP_KEPT, None)
    # after the letters that wait were withdrawn: a batch that was being made has left by now
    if await last_told(transaction, membership.id, LAPSING_OR_NOT) is NoticeKind.LAPSING:
        assert membership.person_id is not None
        await notify(transaction, NoticeKind.KEPT, membership.person_id, membership.id, constituency=rule.name)
    return True


async def _set_day(
    transaction: Transaction, membership: Membership, action: AuditAction, lapses_on: date | None
) -> None:
    """The day on which the membership lapses unless something is done, or none. A suspended member stays suspended."""
    if membership.status is MembershipStatus.SUSPENDED:
        version, reason = (await ruleset_in_force(transaction)).version, action.description
        await set_status(transaction, membership.id, membership.status, None, reason, version, lapses_on)
        await transaction.audit(action, membership.id, None)
    else:
        status = MembershipStatus.LAPSING if lapses_on else MembershipStatus.ADMITTED
        await change_status(transaction, membership, status, None, None, action, lapses_on)


async def _let_lapse(transaction: Transaction, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership, today = held.membership, await transaction.today()
    rule = await _due_in(transaction, BEGINS_TO_LAPSE, held, ruleset)
    if rule is None:
        return False
    lapses_on = today + timedelta(days=rule.grace_days)
    await _set_day(transaction, membership, AuditAction.MEMBERSHIP_LAPSING, lapses_on)
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


async def _hand_over(transaction: Transaction, person_id: UUID) -> bool:
    """Tells a young person that they answer for themself from now on: their guardians' days are over (rule 6d)."""
    if not await guardians.handed_over(transaction, person_id):
        return False
    await notify(transaction, NoticeKind.HANDED_OVER, person_id)
    return True


def _grounds(facts: PersonFacts, ruleset: Ruleset, rule: ConstituencyRule, day: date) -> str:
    """The codes of the grounds that are lost, as the templates ask for them."""
    return " ".join(each_that_holds(LOST_GROUNDS, facts_about(facts, ruleset, rule, day)))


def _named(ruleset: Ruleset, facts: PersonFacts, left: str, day: date) -> str:
    return ", ".join(rule.name for rule in choices(ruleset, facts, left, day))


_STEPS = (
    Step(Duty.REMOVED, unappealed, _member(_remove_unappealed)),
    Step(Duty.KEPT, lifecycle.with_ground_again, _member(_keep)),
    Step(Duty.LAPSING, lifecycle.without_ground, _member(_let_lapse)),
    Step(Duty.LAPSED, lifecycle.out_of_grace, _member(_lapse)),
    Step(Duty.DRAFTS, lifecycle.forgotten_drafts, _member(_drop_draft)),
    Step(Duty.HANDED_OVER, guardians.handed_over, _hand_over),
)
