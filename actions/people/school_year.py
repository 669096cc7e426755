"""The end of a school year (rule 22c)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from db.people import school_year
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Many
from domain.identity.viewer import Role, Viewer, holder_of
from domain.refusals import Conflict, Invalid, Refusal, RefusalCode, kept, refuse_all

from ..action import action
from .lookups import school_numbered

ONE_YEAR = timedelta(days=300)  # between two ends of a school year at one school, at least
MOST_SCHOOLS = 200
LONGEST_AWAY = 400  # days between today and the end of a school year


@dataclass(frozen=True, slots=True)
class LeavingYear:
    """The year group after which learners leave a school."""

    school_urn: Annotated[int, "The school, by its reference number."]
    year_group: Annotated[int, "The last year group there; 0 is reception."]


@dataclass(frozen=True, slots=True)
class EndSchoolYear:
    """The end of a school year."""

    leaving: Annotated[Sequence[LeavingYear], Many(1, MOST_SCHOOLS), "The schools, each with its last year group."]
    day: Annotated[
        date, "The first day on which the leavers are no learners there; ahead of today, it can only be rehearsed."
    ]
    dry_run: Annotated[bool, "Only say what would happen."] = True


@dataclass(frozen=True, slots=True)
class YearEnd:
    """What the end of the year does, or would do, at one school: how many relationships end and how many move up."""

    school_urn: int
    learners: int
    families: int
    moved_up: int


@dataclass(frozen=True, slots=True)
class YearEnds:
    """What it does at each of the schools."""

    schools: Sequence[YearEnd]


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def end_school_year(transaction: Transaction, viewer: Viewer, command: EndSchoolYear) -> YearEnds:
    """Ends the school year: leavers leave, the others move up.

    Memberships of leavers lapse by the clock, with notice and choices. Refusals: DATES_CONTRADICT, also where the day has
    not come, INPUT_INVALID, YEAR_ENDED where a school's year was ended within the last months.
    """
    days_ahead = (command.day - await transaction.today()).days
    if abs(days_ahead) > LONGEST_AWAY:
        message = "That is no school year of now."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, "day", days=LONGEST_AWAY)
    if days_ahead > 0 and not command.dry_run:  # whoever moves up would be in a year group that no file knows yet
        message = "The year ends on its day, not before."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, "day", days=0)
    done = []
    for school_id, leaving in zip(await _schools(transaction, command), command.leaving, strict=True):
        counts = await school_year.year_end(
            transaction, school_id, leaving.year_group, command.day, dry_run=command.dry_run
        )
        if not command.dry_run:
            await transaction.audit(AuditAction.YEAR_ENDED, school_id, viewer.person, day=command.day, **counts)
        done.append(YearEnd(leaving.school_urn, **counts))
    return YearEnds(done)


async def _schools(transaction: Transaction, command: EndSchoolYear) -> list[UUID]:
    """The schools whose year may end. Refusals: INPUT_INVALID for one unknown or named twice, YEAR_ENDED."""
    found: list[UUID] = []
    refusals: list[Refusal] = []
    for index, each in enumerate(command.leaving):
        with kept(refusals, f"leaving.{index}"):
            school_id = await school_numbered(transaction, each.school_urn)
            if school_id in found:
                raise Invalid(RefusalCode.INPUT_INVALID, "The school is named twice.", "school_urn")
            if await school_year.year_was_ended(transaction, school_id, command.day - ONE_YEAR):
                raise Conflict(RefusalCode.YEAR_ENDED, field="school_urn")
            found.append(school_id)
    refuse_all(refusals)
    return found
