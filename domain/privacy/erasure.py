"""What an erasure takes and what the law keeps (UK GDPR art. 17(3)(b); rules 5g and 26b)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from ..conditions import Facts
from ..governance.rulesets import RecordType, Ruleset
from ..people.relationships import IS_CHILD
from ..refusals import Conflict, RefusalCode

ERASED = "(erased)"


@dataclass(frozen=True, slots=True)
class Traces:
    """What somebody has left who asks for erasure: whether a membership or application is open, the days their entries on
    the register ceased; whether they are on a roll, consented for a child, acted for an organisation, answered in a
    consultation."""

    has_open: bool
    ceased_on: Sequence[date]
    voted: bool
    consented: bool
    represented: bool
    responded: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """Something an erasure leaves, why, and until when where a day is known."""

    record: str
    reason: str
    until: str | None

    def stored(self) -> dict[str, str | None]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """`keeps_birth`: the date of birth stays, so that an inspection goes on showing a child at the school's address."""

    keeps_birth: bool
    kept: tuple[Kept, ...]


def plan_erasure(ruleset: Ruleset, born: date | None, traces: Traces, day: date) -> ErasurePlan:
    """What can be erased for somebody who has left these traces.

    Refusals: MEMBERSHIP_OPEN while they are a member or applicant: they resign or withdraw first.
    """
    if traces.has_open:
        raise Conflict(RefusalCode.MEMBERSHIP_OPEN)
    kept = [Kept("AUDIT_TRAIL", "What was done to the register, by ids without names.", None)]
    until = max(traces.ceased_on, default=None)
    free_on = None if until is None else until + timedelta(days=ruleset.retention_days[RecordType.FORMER_MEMBER])
    keeps_register = free_on is not None and free_on > day
    if keeps_register and free_on is not None:
        reason = "Names, addresses and days of former members (Companies Act 2006 ss.113 and 121)."
        kept.append(Kept("REGISTER", reason, free_on.isoformat()))
    keeps_birth = keeps_register and IS_CHILD.evaluate(Facts(born=born, today=day))
    if keeps_birth:
        reason = "The date of birth, so that the register shows the school's address and not the child's."
        kept.append(Kept("DATE_OF_BIRTH", reason, None))
    if traces.voted:
        reason = (
            "That a number of the register was on a roll and voted; name and vote only in a division, which is by name."
        )
        kept.append(Kept("ROLLS", reason, None))
    if traces.consented:
        reason = (
            "That a guardian consented to a child's membership, and until when: the day of the erasure at the latest."
        )
        kept.append(Kept("GUARDIAN_CONSENTS", reason, None))
    if traces.represented:
        reason = "That somebody acted for an organisation, and until when: the day of the erasure at the latest."
        kept.append(Kept("AUTHORISATIONS", reason, None))
    if traces.responded:
        reason = "What was answered in a consultation, without a name: a decision is judged by it."
        kept.append(Kept("RESPONSES", reason, None))
    return ErasurePlan(keeps_birth, tuple(kept))
