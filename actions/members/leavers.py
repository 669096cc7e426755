"""What the clock does to members, and the end of a school year (domain rule 22)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from db.governance.rules import rules_today
from db.members import leavers, people
from db.work import Work, Works
from domain.audit.events import AuditAction
from domain.governance.rulesets import Ruleset
from domain.identity.viewer import Role, Viewer, must_hold
from domain.members.eligibility import PersonFacts, choices, has_lost_ground, needs_guardian
from domain.members.membership import HeldMembership, MembershipStatus
from domain.notifications.notice import NoticeKind
from domain.refusals import Conflict, Invalid, RefusalCode

from ..notifications import tell
from . import lookups
from .memberships import end, step
from .removals import remove_unappealed

BATCH = 200  # memberships a transaction
ONE_YEAR = timedelta(days=300)  # between two ends of a school year at one school, at least
MOST_SCHOOLS = 200
LONGEST_AHEAD = 400  # days between today and the end of a school year


Find = Callable[[Work], Awaitable[Sequence[UUID]]]
Act = Callable[[Work, HeldMembership, Ruleset], Awaitable[bool]]  # False where there is nothing to do any more


async def keep_register(works: Works, trust_id: UUID) -> dict[str, int]:
    """Everything the passing of a day does to a trust's members; how many of each. Safe to run again, or to stop."""
    done = {"removed": await works.run(trust_id, remove_unappealed)}
    deeds: tuple[tuple[str, Find, Act], ...] = (
        ("kept", leavers.with_ground_again, _keep),
        ("lapsing", leavers.without_ground, _let_lapse),
        ("lapsed", leavers.out_of_grace, _lapse),
        ("drafts", leavers.forgotten_drafts, _drop_draft),
    )
    for name, find, act in deeds:
        done[name] = await _one_after_the_other(works, trust_id, find, act)
    done["handed_over"] = await works.run(trust_id, _hand_over)
    return done


async def _one_after_the_other(works: Works, trust_id: UUID, find: Find, act: Act) -> int:
    """Finds what is due once, and acts in batches; each membership is looked at again when its turn comes."""
    due, done = await works.run(trust_id, find), 0
    for start in range(0, len(due), BATCH):
        done += await works.run(trust_id, partial(_batch, memberships=due[start : start + BATCH], act=act))
    return done


async def _batch(work: Work, memberships: Sequence[UUID], act: Act) -> int:
    ruleset, done = await rules_today(work), 0
    for membership_id in memberships:
        held = await lookups.held(work, membership_id)
        if held.membership.constituency in ruleset.constituencies:  # else the rules of its day are gone: for an officer
            done += await act(work, held, ruleset)
    return done


def _has_ground(held: HeldMembership, ruleset: Ruleset, day: date) -> bool:
    assert held.facts is not None
    return not has_lost_ground(ruleset, ruleset.constituency(held.membership.constituency), held.facts, day)


async def _keep(work: Work, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership = held.membership
    if membership.status is not MembershipStatus.LAPSING or not _has_ground(held, ruleset, await work.today()):
        return False
    await step(work, membership, MembershipStatus.ADMITTED, None, None, AuditAction.MEMBERSHIP_KEPT)
    return True


async def _let_lapse(work: Work, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership, today = held.membership, await work.today()
    if membership.status is not MembershipStatus.ADMITTED or _has_ground(held, ruleset, today):
        return False
    rule = ruleset.constituency(membership.constituency)
    lapses_on = today + timedelta(days=rule.grace_days)
    await step(work, membership, MembershipStatus.LAPSING, None, None, AuditAction.MEMBERSHIP_LAPSING, lapses_on)
    assert membership.person_id is not None
    assert held.facts is not None
    await tell(
        work,
        NoticeKind.LAPSING,
        membership.person_id,
        membership.id,
        constituency=rule.name,
        lapses_on=lapses_on,
        choices=_named(ruleset, held.facts, rule.code, today),
    )
    return True


async def _lapse(work: Work, held: HeldMembership, ruleset: Ruleset) -> bool:
    membership, today = held.membership, await work.today()
    if membership.status is not MembershipStatus.LAPSING:
        return False
    await end(work, membership, MembershipStatus.LAPSED, today, None, None)
    assert membership.person_id is not None
    assert held.facts is not None
    name, person = ruleset.constituency(membership.constituency).name, membership.person_id
    await tell(work, NoticeKind.LAPSED, person, membership.id, constituency=name, ceased_on=today)
    open_to_them = _named(ruleset, held.facts, membership.constituency, today)
    if open_to_them:
        await tell(work, NoticeKind.INVITATION, person, membership.id, choices=open_to_them)
    return True


async def _drop_draft(work: Work, held: HeldMembership, _: Ruleset) -> bool:
    """Takes back an application that was never sent in the time it is kept; what it said is forgotten."""
    membership = held.membership
    if membership.status is not MembershipStatus.DRAFT:
        return False
    await step(work, membership, MembershipStatus.WITHDRAWN, None, "never sent", AuditAction.MEMBERSHIP_WITHDRAWN)
    forgotten = {"name": "", "service_address": "", "redacted_on": await work.today()}
    await work.change("membership", membership.id, forgotten)
    return True


async def _hand_over(work: Work) -> int:
    """Tells young people that they answer for themselves from now on: their guardians' days are over (domain rule 6)."""
    ruleset, today = await rules_today(work), await work.today()
    found = await people.came_of_age(work, today)
    of_age = [
        key
        for key, facts in (await people.facts_of(work, found)).items()
        if not needs_guardian(ruleset, facts.born, today)
    ]
    for person_id in of_age:
        await tell(work, NoticeKind.HANDED_OVER, person_id)
    return len(of_age)


def _named(ruleset: Ruleset, facts: PersonFacts, left: str, day: date) -> str:
    return ", ".join(rule.name for rule in choices(ruleset, facts, left, day))


@dataclass(frozen=True, slots=True)
class LeavingYear:
    """The year group after which learners leave a school."""

    school_urn: int
    year_group: int


@dataclass(frozen=True, slots=True)
class YearEnd:
    """What the end of the year does, or would do, at one school: how many relationships end and how many move up."""

    school_urn: int
    learners: int
    families: int
    moved_up: int


async def end_school_year(
    work: Work, viewer: Viewer, leaving: Sequence[LeavingYear], day: date, dry_run: bool
) -> list[YearEnd]:
    """Ends the relationships of those who leave and moves the others up. `day` is the first day without them.

    Their memberships lapse by the clock, with notice and choices. Refusals: as must_hold, INPUT_INVALID, YEAR_ENDED
    where a school's year was ended within the last months.
    """
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    if abs((day - await work.today()).days) > LONGEST_AHEAD:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "That is no school year of now.", "day")
    if not 1 <= len(leaving) <= MOST_SCHOOLS or len({each.school_urn for each in leaving}) != len(leaving):
        raise Invalid(RefusalCode.INPUT_INVALID, f"Name 1 to {MOST_SCHOOLS} schools, each once.", "leaving")
    done = []
    for each in leaving:
        school_id = await lookups.school(work, each.school_urn)
        assert school_id is not None
        if await leavers.year_was_ended(work, school_id, day - ONE_YEAR):
            raise Conflict(RefusalCode.YEAR_ENDED, field="leaving")
        counts = await leavers.year_end(work, school_id, each.year_group, day, dry_run=dry_run)
        if not dry_run:
            await work.audit(AuditAction.YEAR_ENDED, school_id, officer, day=day, **counts)
        done.append(YearEnd(each.school_urn, **counts))
    return done
