"""The end of a school year (rule 22c)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from db.people import school_year
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_hold
from domain.refusals import Conflict, Invalid, RefusalCode

from .lookups import school_numbered

ONE_YEAR = timedelta(days=300)  # between two ends of a school year at one school, at least
MOST_SCHOOLS = 200
LONGEST_AHEAD = 400  # days between today and the end of a school year


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
    transaction: Transaction, viewer: Viewer, leaving: Sequence[LeavingYear], day: date, dry_run: bool
) -> list[YearEnd]:
    """Ends the relationships of those who leave and moves the others up. `day` is the first day without them.

    Their memberships lapse by the clock, with notice and choices. Refusals: as must_hold, INPUT_INVALID, YEAR_ENDED
    where a school's year was ended within the last months.
    """
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    if abs((day - await transaction.today()).days) > LONGEST_AHEAD:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "That is no school year of now.", "day")
    if not 1 <= len(leaving) <= MOST_SCHOOLS or len({each.school_urn for each in leaving}) != len(leaving):
        raise Invalid(RefusalCode.INPUT_INVALID, f"Name 1 to {MOST_SCHOOLS} schools, each once.", "leaving")
    done = []
    for each in leaving:
        school_id = await school_numbered(transaction, each.school_urn)
        assert school_id is not None
        if await school_year.year_was_ended(transaction, school_id, day - ONE_YEAR):
            raise Conflict(RefusalCode.YEAR_ENDED, field="leaving")
        counts = await school_year.year_end(transaction, school_id, each.year_group, day, dry_run=dry_run)
        if not dry_run:
            await transaction.audit(AuditAction.YEAR_ENDED, school_id, officer, day=day, **counts)
        done.append(YearEnd(each.school_urn, **counts))
    return done
