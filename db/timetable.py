"""What happens to a trust by itself, because a moment or a day comes: one list, and what is next on it.

What the worker takes because it was kept long enough is declared beside its table (db/personal.py).
A day that is stored is the first on which something holds or no longer holds; it begins at midnight in London.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Date

from domain.conditions import ENDED, Condition, Exists, Holds, OneOf
from domain.consultations.consultation import ConsultationStatus
from domain.membership.removal import RemovalStage
from domain.polls.poll import PollStatus

from .fragments.clock import midnight
from .fragments.conditions import Places, Records, columns, predicate
from .fragments.people import birthday
from .fragments.rulesets import GUARDIAN_CONSENT_AGE, ever_holds
from .tables import METADATA
from .transactions import Transaction

_PLACES: Places = {
    **columns("t", "status", "stage"),
    "ever_holds": ever_holds("t", "$1"),
    "guardianships": Records("guardianship g where g.trust_id = $1 and g.child_id = t.id", columns("g", "until")),
}
_HAND_OVER = birthday("t.date_of_birth", GUARDIAN_CONSENT_AGE.replace("{trust}", "$1"))


@dataclass(frozen=True, slots=True)
class Dated:
    """A column whose moment or day brings something about, for rows `t` that meet the condition; or a day in SQL that
    is worked out from it."""

    table: str
    column: str
    word: str
    when: Condition | None = None
    day: str | None = None

    @property
    def condition(self) -> str:
        """The condition in SQL; of every row where there is none."""
        return "true" if self.when is None else predicate(self.when, _PLACES)

    @property
    def moment(self) -> str:
        """The moment in SQL."""
        if self.day is not None:
            return midnight(self.day)
        is_day = isinstance(METADATA.tables[self.table].columns[self.column].type, Date)
        return midnight(f"t.{self.column}") if is_day else f"t.{self.column}"


def _in(*stages: StrEnum, fact: str = "status") -> OneOf:
    return OneOf(fact, frozenset(stages))


TIMETABLE: tuple[Dated, ...] = (
    Dated("poll", "opens_at", "poll opens", _in(PollStatus.ROLL_FROZEN)),
    Dated(
        "poll",
        "opens_at",
        "poll was to open, but its roll is not frozen",
        _in(PollStatus.DRAFT, PollStatus.NOTICE_GIVEN),
    ),
    Dated("poll", "closes_at", "poll closes", _in(PollStatus.ROLL_FROZEN)),
    Dated("consultation", "opens_at", "consultation opens", _in(ConsultationStatus.PUBLISHED)),
    Dated("consultation", "closes_at", "consultation closes", _in(ConsultationStatus.PUBLISHED)),
    Dated("membership", "lapses_on", "days of grace are over"),
    Dated("removal", "notice_until", "removal may be decided", _in(RemovalStage.PROPOSED, fact="stage")),
    Dated("removal", "appeal_until", "time to appeal is over", _in(RemovalStage.DECIDED, fact="stage")),
    Dated("relationship", "since", "relationship begins"),
    Dated("relationship", "until", "relationship ends"),
    Dated("guardianship", "until", "guardianship ends"),
    Dated("person", "date_of_birth", "young person answers for themself", Exists("guardianships", ~ENDED), _HAND_OVER),
    Dated("guardian_consent", "until", "guardian's consent ends"),
    Dated("authorisation", "until", "representative's authority ends"),
    Dated("affiliation", "since", "school joins"),
    Dated("affiliation", "until", "school leaves"),
    Dated("ruleset", "effective_from", "new rules come into force", Holds("ever_holds")),
    Dated("agreement", "since", "agreement with a partner begins"),
    Dated("agreement", "until", "agreement with a partner ends"),
)


@dataclass(frozen=True, slots=True)
class Due:
    """What comes next, all at one moment: how many of each word."""

    moment: datetime
    events: dict[str, int]


_EVERYTHING = " union all ".join(
    f"select '{each.word.replace(chr(39), chr(39) * 2)}' as word, {each.moment} as moment from {each.table} t"
    f" where t.trust_id = $1 and t.{each.column} is not null and {each.condition}"
    for each in TIMETABLE
)
NEXT = (
    f"with everything as ({_EVERYTHING}), due as (select * from everything where moment > $2 and moment <= $3)"
    " select moment, word, count(*) as many from due where moment = (select min(moment) from due) group by 1, 2 order by 2"
)


async def next_due(transaction: Transaction, after: datetime, until: datetime) -> Due | None:
    """What comes next of the transaction's trust, after one moment and until another; None where nothing does."""
    rows = await transaction.rows(NEXT, transaction.trust_id, after, until)
    return Due(rows[0]["moment"], {row["word"]: row["many"] for row in rows}) if rows else None
