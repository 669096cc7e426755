"""The end of a school year (rule 22c)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from db.people import school_year
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Many
from domain.identity.viewer import Role, Viewer, holder_of
from domain.people.school_year import LAST_YEAR_GROUP
from domain.refusals import Conflict, Invalid, Refusal, RefusalCode, kept, refuse_all, told_as

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

    leaving: Annotated[
        Sequence[LeavingYear],
        Many(1, MOST_SCHOOLS),
        "The schools, each with its last year group; a school with several leaving years once for each.",
    ]
    day: Annotated[
        date, "The first day on which the leavers are no learners there; ahead of today, it can only be rehearsed."
    ]
    dry_run: Annotated[bool, "Only say what would happen."] = True


@dataclass(frozen=True, slots=True)
class YearEnd:
    """What the end of the year does, or would do, at one school: how many relationships end, move up, or stay as they are."""

    school_urn: int
    learners: int
    families: int
    moved_up: int
    stayed: int


@dataclass(frozen=True, slots=True)
class YearEnds:
    """What it does at each of the schools."""

    schools: Sequence[YearEnd]


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def end_school_year(transaction: Transaction, viewer: Viewer, command: EndSchoolYear) -> YearEnds:
    """Ends the school year: leavers leave, with their families, and the others move up, each once.

    Whoever began on the day, or whose year group a file told on it or since, is of the new year, and stays as they are. The
    same again does what was left to do, and that may be nothing. Memberships of leavers lapse by the clock, with notice and
    choices. Refusals: DATES_CONTRADICT, also where the day has not come, INPUT_INVALID, YEAR_ENDED where a school's year was
    ended for another day of the last months, or since.
    """
    days_ahead = (command.day - await transaction.today()).days
    if abs(days_ahead) > LONGEST_AWAY:
        message = "That is no school year of now."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, "day", days=LONGEST_AWAY)
    if days_ahead > 0 and not command.dry_run:  # whoever moves up would be in a year group that no file knows yet
        message = "The year ends on its day, not before."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, "day", days=0)
    done = []
    for urn, (school_id, leaving) in (await _schools(transaction, command)).items():
        counts = await school_year.year_end(transaction, school_id, leaving, command.day, dry_run=command.dry_run)
        if not command.dry_run:
            await transaction.audit(
                AuditAction.YEAR_ENDED, school_id, viewer.person, day=command.day, leaving=leaving, **asdict(counts)
            )
        done.append(YearEnd(urn, **asdict(counts)))
    return YearEnds(done)


async def _schools(transaction: Transaction, command: EndSchoolYear) -> Mapping[int, tuple[UUID, list[int]]]:
    """The schools whose year may end, with their leaving years. Refusals: INPUT_INVALID for one unknown or a year named
    twice, YEAR_ENDED."""
    found: dict[int, tuple[UUID, list[int]]] = {}
    refusals: list[Refusal] = []
    for index, each in enumerate(command.leaving):
        with kept(refusals, f"leaving.{index}"):
            if each.school_urn not in found:
                found[each.school_urn] = await _school(transaction, each.school_urn, command.day), []
            years = found[each.school_urn][1]
            if each.year_group in years:
                raise Invalid(RefusalCode.INPUT_INVALID, "The year group is named twice.", "year_group")
            if not 0 <= each.year_group <= LAST_YEAR_GROUP:
                message = f"There are year groups from 0 to {LAST_YEAR_GROUP}."
                raise Invalid(RefusalCode.INPUT_INVALID, message, "year_group", latest=LAST_YEAR_GROUP)
            years.append(each.year_group)
    refuse_all(refusals)
    return found


async def _school(transaction: Transaction, urn: int, day: date) -> UUID:
    school_id = await school_numbered(transaction, urn)
    await school_year.hold_school(transaction, school_id)
    for other, is_kept in await school_year.years_ended(transaction, school_id, day - ONE_YEAR):
        if other != day or not is_kept:
            raise Conflict(RefusalCode.YEAR_ENDED, field="school_urn", day=str(other))
    return school_id


@dataclass(frozen=True, slots=True)
class UndoSchoolYear:
    """The end of a school year that was entered wrongly."""

    school_urns: Annotated[
        Sequence[int], Many(1, MOST_SCHOOLS), "The schools, by their reference numbers; all of them, or none."
    ]
    day: Annotated[date, "The day for which the year was ended."]


@dataclass(frozen=True, slots=True)
class YearUndone:
    """How many relationships are as they were before."""

    restored: int


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def undo_school_year(transaction: Transaction, viewer: Viewer, command: UndoSchoolYear) -> YearUndone:
    """Undoes the end of a school year as a whole: leavers and families are there again, and nobody moved up.

    Members who lapse because of it are members as before the night after. Refusals: INPUT_INVALID, YEAR_NOT_ENDED, also
    where a later year was ended since; YEAR_ACTED_ON where a relationship it changed was changed again since, a leaver is at
    the school anew, or their membership has ended or they have applied for another.
    """
    schools: dict[UUID, None] = {}
    refusals: list[Refusal] = []
    for index, urn in enumerate(command.school_urns):
        with kept(refusals), told_as(school_urn=f"school_urns.{index}"):
            schools[await _undoable(transaction, urn, command.day)] = None
    refuse_all(refusals)
    restored = 0
    for school_id in schools:
        count = await school_year.undo_year_end(transaction, school_id, command.day)
        await transaction.audit(AuditAction.YEAR_UNDONE, school_id, viewer.person, day=command.day, restored=count)
        restored += count
    return YearUndone(restored)


async def _undoable(transaction: Transaction, urn: int, day: date) -> UUID:
    school_id = await school_numbered(transaction, urn)
    await school_year.hold_school(transaction, school_id)
    ended = await school_year.years_ended(transaction, school_id, day - timedelta(days=1))
    if ended != [(day, True)]:
        raise Conflict(RefusalCode.YEAR_NOT_ENDED, field="school_urn")
    if await school_year.is_acted_on(transaction, school_id, day):
        raise Conflict(RefusalCode.YEAR_ACTED_ON, field="school_urn")
    return school_id
