"""What the rows of a file say of somebody's relationships: which begin, which change their year group, which end
(rule 22a). The dry run and applying both ask here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from ..governance.qualification import RelationshipKind
from .registration import PersonRow


class Relationship(NamedTuple):
    """How somebody stands to a school, as far as a file tells."""

    kind: str
    urn: int | None
    year_group: int | None


@dataclass(frozen=True, slots=True)
class KnownRelationship:
    """One that had not ended before the file was made, as far as that was known then. Without an id it is not on record,
    but told by a row above."""

    told: Relationship
    since: date
    until: date | None = None
    id: UUID | None = None
    end_known_on: date | None = None  # none where it has no end, or nobody noted when its end came to be known

    def goes_on(self, day: date) -> bool:
        """Whether it has not ended on the day."""
        return self.until is None or self.until > day

    def ended_before(self, day: date) -> bool:
        """Whether it had ended before the day, and that was known before: a file of the day then tells of another."""
        is_old_news = self.end_known_on is None or self.end_known_on < day
        return self.until is not None and self.until < day and is_old_news


class Changes(NamedTuple):
    """What becomes of relationships: those that begin, new year groups, and ends."""

    added: Sequence[Relationship]
    moved: Sequence[tuple[KnownRelationship, int]]
    ended: Sequence[tuple[KnownRelationship, date]]

    @property
    def are_any(self) -> bool:
        return bool(self.added or self.moved or self.ended)


def told_by(row: PersonRow) -> list[Relationship]:
    """What the row tells: every role at every school."""
    urns: Sequence[int | None] = row.urns or [None]
    return [Relationship(kind, urn, row.year_group) for kind in row.kinds for urn in urns]


def changes(rows: Sequence[PersonRow], known: Collection[KnownRelationship], exported_on: date) -> Changes:
    """What the rows of one person, in the order of the file, change of what is known.

    A learner is in one year group at a school, the one told last, and moves up; a parent may have a child in each.
    Without a year group a row says less than with one. What ended on the day of the file or since does not begin again;
    what has an end, or began later than the file, keeps its year group; and what began later is not ended by it.
    """
    told = _told_at_last(rows)
    return Changes(
        [each for each in told if not any(_says_as_much(one, each) for one in known)],
        [(one, year) for one, year in _new_years(told, known, exported_on) if not _is_lower(one, year)],
        _ended(rows, [one for one in known if one.since <= exported_on and one.goes_on(exported_on)]),
    )


def lowers_a_year(rows: Sequence[PersonRow], known: Collection[KnownRelationship], exported_on: date) -> bool:
    """Whether the rows put a learner into a lower year group than is known: their file is older than it says, or somebody
    was mistaken (rule 22h)."""
    return any(_is_lower(one, year) for one, year in _new_years(_told_at_last(rows), known, exported_on))


def undoes_an_end(rows: Sequence[PersonRow], known: Collection[KnownRelationship], exported_on: date) -> bool:
    """Whether the rows tell to go on what had ended on the day of their file, by an end that is as new as they are or
    newer (rule 22h)."""
    going_on = [one for one in known if one.goes_on(exported_on)]
    return any(
        any(_says_as_much(one, each) for one in known) and not any(_says_as_much(one, each) for one in going_on)
        for each in _told_at_last(rows)
    )


def _is_lower(known: KnownRelationship, year_group: int) -> bool:
    return known.told.year_group is not None and year_group < known.told.year_group


def _new_years(
    told: Sequence[Relationship], known: Collection[KnownRelationship], exported_on: date
) -> list[tuple[KnownRelationship, int]]:
    """Learners told to be in another year group than is known."""
    return [
        (one, each.year_group)
        for each in told
        for one in known
        if each.kind == RelationshipKind.LEARNER
        and _place(one.told) == _place(each)
        and each.year_group is not None
        and each.year_group != one.told.year_group
        and one.until is None
        and one.since <= exported_on
    ]


def _told_at_last(rows: Sequence[PersonRow]) -> list[Relationship]:
    """What the rows tell to go on, taken together."""
    return _without_what_says_less([each for row in rows if not row.tells_of_an_end for each in told_by(row)])


def _place(told: Relationship) -> tuple[str, int | None]:
    return told.kind, told.urn


def _without_what_says_less(told: Sequence[Relationship]) -> list[Relationship]:
    """Each once; of a learner's year groups the last; and none without a year group beside one with it."""
    with_year = {_place(each): each for each in told if each.year_group is not None}
    return [
        each
        for each in dict.fromkeys(told)
        if _place(each) not in with_year
        or (each.year_group is not None and (each.kind != RelationshipKind.LEARNER or each == with_year[_place(each)]))
    ]


def _says_as_much(known: KnownRelationship, told: Relationship) -> bool:
    if _place(known.told) != _place(told):
        return False
    has_other_years = told.kind != RelationshipKind.LEARNER and known.until is None
    return not has_other_years or told.year_group in (None, known.told.year_group)


def _ended(rows: Sequence[PersonRow], known: Collection[KnownRelationship]) -> list[tuple[KnownRelationship, date]]:
    """What the rows say has ended, whoever has told that it began: of the roles and the schools they name, and no other
    (rule 22a)."""
    ended = []
    for one in known:
        days = [
            max(one.since, date.fromisoformat(row.until))
            for row in rows
            if row.until is not None and _place(one.told) in {_place(each) for each in told_by(row)}
        ]
        if days and (one.until is None or min(days) < one.until):
            ended.append((one, min(days)))
    return ended
