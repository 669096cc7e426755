"""What the clock does to members, and the end of a school year (domain rule 22)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from db.members import leavers, people
from db.work import Work, Works
from domain.audit.events import AuditAction
from domain.governance.rulesets import Ruleset
from domain.identity.viewer import Role, Viewer, must_hold
from domain.members.eligibility import PersonFacts, choices
from domain.members.membership import MembershipStatus
from domain.notifications.notice import NoticeKind
from domain.refusals import Conflict, Invalid, RefusalCode

from ..notifications import tell
from . import lookups
from .memberships import end, step
from .removals import remove_unappealed

BATCH = 200  # memberships a transaction
ONE_YEAR = timedelta(days=300)  # between two ends of a school year at one school, at least
MOST_SCHOOLS = 200


async def keep_register(works: Works, trust_id: UUID) -> dict[str, int]:
    """Everything the passing of a day does to a trust's members; how many of each. Safe to run again."""
    done = {"removed": await works.run(trust_id, remove_unappealed)}
    for name, batch in (("kept", _keep), ("lapsing", _let_lapse), ("lapsed", _lapse)):
        done[name] = await _to_the_end(works, trust_id, batch)
    done["handed_over"] = await works.run(trust_id, _hand_over)
    return done


async def _to_the_end(works: Works, trust_id: UUID, batch: Callable[[Work], Awaitable[int]]) -> int:
    done = 0
    while (more := await works.run(trust_id, batch)) > 0:
        done += more
    return done


async def _keep(work: Work) -> int:
    found = await leavers.with_ground_again(work, BATCH)
    for membership_id in found:
        membership = (await lookups.held(work, membership_id)).membership
        await step(work, membership, MembershipStatus.ADMITTED, None, None, AuditAction.MEMBERSHIP_KEPT)
    return len(found)


async def _let_lapse(work: Work) -> int:
    found, today = await leavers.without_ground(work, BATCH), await work.today()
    ruleset = await lookups.rules_today(work)
    for membership_id in found:
        held = await lookups.held(work, membership_id)
        membership, rule = held.membership, ruleset.constituency(held.membership.constituency)
        lapses_on = today + timedelta(days=rule.grace_days)
        action = AuditAction.MEMBERSHIP_LAPSING
        await step(work, membership, MembershipStatus.LAPSING, None, None, action, lapses_on)
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
    return len(found)


async def _lapse(work: Work) -> int:
    today = await work.today()
    found = await leavers.out_of_grace(work, today, BATCH)
    ruleset = await lookups.rules_today(work)
    for membership_id in found:
        held = await lookups.held(work, membership_id)
        membership = held.membership
        await end(work, membership, MembershipStatus.LAPSED, today, None, None)
        assert membership.person_id is not None
        assert held.facts is not None
        name = ruleset.constituency(membership.constituency).name
        person = membership.person_id
        await tell(work, NoticeKind.LAPSED, person, membership.id, constituency=name, ceased_on=today)
        open_to_them = _named(ruleset, held.facts, membership.constituency, today)
        if open_to_them:
            await tell(work, NoticeKind.INVITATION, person, membership.id, choices=open_to_them)
    return len(found)


async def _hand_over(work: Work) -> int:
    """Young people answer for themselves from the birthday on which their guardian's consent ends (domain rule 6)."""
    ruleset, today = await lookups.rules_today(work), await work.today()
    found = await people.came_of_age(work, ruleset.guardian_consent_age, today)
    for person_id in found:
        for guardian in await people.guardians_of(work, person_id, today):
            await people.end_guardianship(work, person_id, guardian, today)
            await work.audit(AuditAction.GUARDIAN_ENDED, person_id, None, guardian_id=guardian)
        await tell(work, NoticeKind.HANDED_OVER, person_id)
    return len(found)


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
