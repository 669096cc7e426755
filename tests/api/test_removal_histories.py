"""Whatever happens to members together, removals, suspensions, conversions, lost grounds, days: no membership escapes a
removal, no appeal becomes impossible, the nightly job never fails, and the register has no gap and no overlap.

HISTORIES=2000 tries more of them, SEED=1 the same again.
"""

import asyncio
import os
import secrets
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from domain.identity.viewer import Role
from tests.api.removals import APPEAL, CONVERT, DECIDE, DECIDE_APPEAL, PROPOSE, STATE_CASE, SUSPEND
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, END_RELATIONSHIP, REFUSE, act
from tests.world import CARE, Known, World

HISTORIES = int(os.environ.get("HISTORIES") or 100)
STEPS = 18
SEED = int(os.environ.get("SEED") or secrets.randbelow(10**9))
DECLARE = "mutation ($kind: RelationshipKind!, $urn: Int) { declareRelationship(input: {relationship: {kind: $kind, schoolUrn: $urn}}) { errors { code } } }"
DIE = "mutation ($id: ID!, $on: Date!) { recordDeath(input: {personId: $id, diedOn: $on}) { errors { code } } }"
ELSEWHERE = {"PARENT_CARER": "COMMUNITY", "COMMUNITY": "PARENT_CARER"}
OPEN, MEMBERS = {"PROPOSED", "DECIDED", "APPEALED"}, {"ADMITTED", "LAPSING", "SUSPENDED"}
PENDING = {"SUBMITTED", "UNDER_REVIEW"}
FOUND = """select m.id, m.status, m.registered_on, m.ceased_on, m.lapses_on, m.converted_from_id, c.code,
  array(select r.stage from removal r where r.membership_id = m.id order by r.id) as stages,
  (select r.id from removal r where r.membership_id = m.id order by r.id desc limit 1) as removal,
  (select r.appeal_until > legal_today() from removal r where r.membership_id = m.id order by r.id desc limit 1) as in_time,
  (select r.notice_until > legal_today() from removal r where r.membership_id = m.id order by r.id desc limit 1) as too_soon,
  array(select l.change from register_line l where l.membership_id = m.id order by l.line) as lines,
  array(select l.changed_on from register_line l where l.membership_id = m.id order by l.line) as days
from membership m join constituency c on c.id = m.constituency_id where m.person_id = $1 order by m.id"""
WAITS = (14, 0, 28, 56, 1)  # days
# what brings things forward: by the stage of the last removal, and by the status
SENSIBLE = {
    "PROPOSED": ("decide", "decide"),
    "DECIDED": ("appeal", "wait", "end_suspension"),
    "APPEALED": ("decide_appeal", "wait"),
    "ADMITTED": ("propose", "ask_to_convert", "ask_to_convert", "lose_ground"),
    "LAPSING": ("propose", "suspend", "wait", "regain_ground"),
    "SUSPENDED": ("propose", "lose_ground", "wait", "end_suspension"),
    **dict.fromkeys(("CONVERTED", "LAPSED", "REMOVED", "RESIGNED"), ("come_back", "come_back")),
}
ANYTHING = (
    *("propose", "state_case", "decide", "appeal", "decide_appeal", "suspend", "end_suspension", "ask_to_convert"),
    *("admit", "refuse", "lose_ground", "regain_ground", "resign", "come_back", "die", "wait"),
)


class JointHistory(RuleBasedStateMachine):
    """Somebody, and what happens to them, one thing after the other."""

    world: World
    loop: asyncio.AbstractEventLoop
    officers: dict[Role, Known]
    urn: int
    reached: ClassVar[Counter[tuple[str, str]]] = Counter()

    def wait_for(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)

    def code(self, query: str, known: Known, **variables: Any) -> str | None:
        (payload,) = self.wait_for(self.world.ask(query, known, **variables)).values()
        return payload["errors"][0]["code"] if payload["errors"] else None

    def by(self, role: Role, query: str, identifier: UUID, prefix: str = "mem", **variables: Any) -> str | None:
        return self.code(query, self.officers[role], id=f"{prefix}_{identifier}", **variables)

    def own(self, query: str, identifier: UUID, prefix: str = "mem", **variables: Any) -> str | None:
        return self.code(query, self.known, id=f"{prefix}_{identifier}", **variables)

    def look(self) -> None:
        """What there is now: what they are or were a member by, and what they have applied for."""
        self.found = list(self.wait_for(self.world.owner.fetch(FOUND, self.known.person_id)))
        self.last = [each for each in self.found if each["registered_on"]][-1]
        self.stage = (self.last["stages"] or [None])[-1]
        self.pending = next((each for each in self.found if each["status"] in PENDING), None)

    @initialize()
    def begin(self) -> None:
        self.is_dead = False
        self.wait_for(self.world.owner.execute("truncate membership cascade"))
        self.wait_for(self.world.set_clock(self.start))
        newcomer = self.wait_for(self.world.newcomer())
        self.application = self.world.application(relationships=[{"kind": "PARENT_CARER", "schoolUrn": self.urn}])
        applied = self.wait_for(self.world.do(APPLY, newcomer, input=self.application))["member"]
        self.known = Known(UUID(applied["person"]["id"][4:]), newcomer.token, CARE)
        self.wait_for(self.world.told_by_school(self.known))
        assert self.by(Role.MEMBERSHIP_OFFICER, ADMIT, UUID(applied["id"][4:])) is None
        self.look()
        assert self.last["status"] == "ADMITTED"

    start: datetime

    @rule(data=st.data())
    def something(self, data: st.DataObject) -> None:
        sensible = (*SENSIBLE.get(self.stage or "", ()), *SENSIBLE.get(self.last["status"], ()))
        if self.pending:
            sensible += ("admit", "admit", "refuse")
        chosen = data.draw(st.sampled_from(ANYTHING + 3 * sensible), label="what")
        if not self.is_dead or chosen in {"propose", "decide_appeal", "suspend", "wait"}:
            getattr(self, chosen)(data.draw(st.integers(0, 4), label="how"))

    def propose(self, _: int) -> None:
        code = self.by(Role.CLERK, PROPOSE, self.last["id"])
        if self.last["status"] not in MEMBERS:
            assert code == "MEMBERSHIP_NOT_OPEN"
        else:
            assert code == ("REMOVAL_OPEN" if self.stage in OPEN else None)

    def state_case(self, _: int) -> None:
        if self.stage:
            code = self.own(STATE_CASE, self.last["removal"], "rem")
            assert code == (None if self.stage == "PROPOSED" else "REMOVAL_WRONG_STAGE")

    def decide(self, how: int) -> None:
        if self.stage == "PROPOSED" and self.last["too_soon"] and how != 4:
            self.wait(0)
        if not self.stage:
            return
        code = self.by(Role.CLERK, DECIDE, self.last["removal"], "rem", yes=3 if how < 3 else 1, no=2)
        if self.stage != "PROPOSED":
            assert code == "REMOVAL_WRONG_STAGE"
        elif self.last["too_soon"]:
            assert code == "NOTICE_TOO_SHORT"
        else:
            assert code is None
            self.look()
            assert (self.last["status"] == "SUSPENDED") is (how < 3), "rights rest, or all of them are restored"

    def appeal(self, _: int) -> None:
        if self.stage:
            code = self.own(APPEAL, self.last["removal"], "rem")
            in_time = None if self.last["in_time"] else "APPEAL_TOO_LATE"
            assert code == (in_time if self.stage == "DECIDED" else "REMOVAL_WRONG_STAGE")

    def decide_appeal(self, how: int) -> None:
        if not self.stage:
            return
        code, before = self.by(Role.TRUSTEE, DECIDE_APPEAL, self.last["removal"], "rem", upheld=how > 1), self.last
        if self.stage != "APPEALED":
            assert code == "REMOVAL_WRONG_STAGE"
        else:
            assert code is None
            self.look()
            kept = "LAPSING" if before["lapses_on"] else "ADMITTED"
            assert self.last["status"] == (kept if how > 1 else "REMOVED")

    def suspend(self, _: int) -> None:
        code = self.by(Role.CLERK, SUSPEND, self.last["id"])
        assert code == (None if self.last["status"] in {"ADMITTED", "LAPSING"} else "MEMBERSHIP_NOT_OPEN")

    def end_suspension(self, _: int) -> None:
        code = self.by(Role.CLERK, act("endSuspension", "member"), self.last["id"])
        if self.last["status"] != "SUSPENDED":
            assert code == "MEMBERSHIP_NOT_OPEN"
        else:
            assert code == ("REMOVAL_UNDER_WAY" if self.stage in {"DECIDED", "APPEALED"} else None)

    def ask_to_convert(self, _: int) -> None:
        to = ELSEWHERE[self.last["code"]]
        facts = [{"kind": to} | ({"schoolUrn": self.urn} if to == "PARENT_CARER" else {})]
        code = self.own(CONVERT, self.last["id"], to=to, relationships=facts)
        if self.stage in OPEN:
            assert code == "REMOVAL_UNDER_WAY"
        elif self.last["status"] not in {"ADMITTED", "LAPSING"}:
            assert code == "MEMBERSHIP_NOT_OPEN"
        else:
            assert code == ("ALREADY_A_MEMBER" if self.pending else None)

    def admit(self, _: int) -> None:
        if self.pending:
            code = self.by(Role.MEMBERSHIP_OFFICER, ADMIT, self.pending["id"])
            if self.pending["converted_from_id"] == self.last["id"] and self.stage in OPEN:
                assert code in {"REMOVAL_UNDER_WAY", "NOT_ELIGIBLE"}
            else:
                assert code in {None, "NOT_ELIGIBLE", "MEMBERSHIP_NOT_OPEN"}

    def refuse(self, how: int) -> None:
        if self.pending and how == 0:
            assert self.by(Role.MEMBERSHIP_OFFICER, REFUSE, self.pending["id"], reason="No") is None

    def lose_ground(self, _: int) -> None:
        day = self.wait_for(self.world.day())
        held = "select id from relationship where person_id = $1 and until is null"
        for row in self.wait_for(self.world.owner.fetch(held, self.known.person_id)):
            assert self.by(Role.MEMBERSHIP_OFFICER, END_RELATIONSHIP, row["id"], "rel", until=day) is None

    def regain_ground(self, _: int) -> None:
        kind = self.last["code"]
        assert self.code(DECLARE, self.known, kind=kind, urn=self.urn if kind == "PARENT_CARER" else None) is None

    def resign(self, how: int) -> None:
        if how == 2:
            code = self.own(act("resignMembership", "member"), self.last["id"])
            assert code == (None if self.last["status"] in MEMBERS else "MEMBERSHIP_NOT_OPEN"), "that is their right"

    def come_back(self, _: int) -> None:
        if not any(each["status"] in MEMBERS | PENDING for each in self.found):
            again = self.wait_for(self.world.do(APPLY, self.known, input=self.application))["member"]["status"]
            had_removal = any(set(each["stages"]) - {"DISMISSED"} for each in self.found)
            at_once = "UNDER_REVIEW" if had_removal else "ADMITTED"
            assert again in {at_once, "SUBMITTED"}, "somebody sees the removal first"

    def die(self, how: int) -> None:
        if how == 3:
            day, person = self.wait_for(self.world.day()), self.known.person_id
            assert person
            assert self.by(Role.MEMBERSHIP_OFFICER, DIE, person, "per", on=day) is None
            self.is_dead = True

    def wait(self, how: int) -> None:
        """Days pass, and then a night."""
        if WAITS[how]:
            self.wait_for(self.world.pass_time(days=WAITS[how]))
        assert self.wait_for(self.world.keep_register())["failed"] == 0
        if how == 2:
            assert not any(self.wait_for(self.world.keep_register()).values()), "all that was due is done"
        self.look()
        assert self.stage != "DECIDED" or self.last["in_time"], "a removal takes effect"

    @invariant()
    def nothing_contradicts(self) -> None:
        if not hasattr(self, "known"):
            return
        self.look()
        for each in self.found:
            JointHistory.reached[each["status"], (each["stages"] or ["none"])[-1]] += 1
            check_removal(each)
            check_register(each, self.found)
        assert sum(each["status"] in MEMBERS for each in self.found) <= 1, "one membership (rule 3a)"
        for before, after in pairwise(each for each in self.found if each["registered_on"]):
            assert before["ceased_on"] <= after["registered_on"], "no overlap"


def check_removal(found: Any) -> None:
    """Rule 4g: the joint states there are."""
    status, stages = found["status"], found["stages"]
    settled, (stage,) = stages[:-1], stages[-1:] or ["DISMISSED"]
    assert set(settled) <= {"DISMISSED"}, "after any other ending there is no further one"
    if stage in {"DECIDED", "APPEALED"}:
        assert status == "SUSPENDED"
    if stage == "PROPOSED":
        assert status in MEMBERS
    assert (stage == "REMOVED") is (status == "REMOVED")
    if stage == "DISCONTINUED":
        assert status in {"RESIGNED", "DECEASED"}
    if status in {"CONVERTED", "LAPSED"}:
        assert stage == "DISMISSED", "nobody escapes"


def check_register(found: Any, others: list[Any]) -> None:
    """Rules 4e and 4f: entered once, ceased once, and where somebody converted the lines join."""
    status, lines, days = found["status"], found["lines"], found["days"]
    if not found["registered_on"]:
        assert lines == []
    elif status in MEMBERS:
        assert (lines, days) == (["ENTERED"], [found["registered_on"]])
    else:
        assert (lines, days) == (["ENTERED", "CEASED"], [found["registered_on"], found["ceased_on"]])
    successors = [each for each in others if each["converted_from_id"] == found["id"]]
    if status == "CONVERTED":
        assert found["ceased_on"] in [each["registered_on"] for each in successors]
    if status == "REMOVED":
        assert not any(each["status"] in PENDING for each in successors), "withdrawn with it"


def test_no_history_breaks_the_register_or_escapes_a_removal(in_a_world: Scenario) -> None:
    """Rules 3a and 4, and rule 22b."""

    async def story(world: World) -> None:
        for code in ELSEWHERE:
            await world.set_constituency_rule(code, approval="AUTOMATIC" if code == "PARENT_CARER" else "OFFICER")
        JointHistory.world, JointHistory.loop = world, asyncio.get_running_loop()
        JointHistory.officers = {
            role: await world.officer(role) for role in (Role.CLERK, Role.TRUSTEE, Role.MEMBERSHIP_OFFICER)
        }
        JointHistory.urn, _ = await world.two_schools()
        JointHistory.start = await world.now()
        chosen = settings(
            max_examples=HISTORIES, stateful_step_count=STEPS, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        await asyncio.to_thread(run_state_machine_as_test, seed(SEED)(JointHistory), settings=chosen)

    print(f"SEED={SEED}")
    in_a_world(story)
    print(dict(JointHistory.reached))
