"""Rule 1: rules change by a resolution, forwards, and decisions keep the version they were made under."""

from datetime import timedelta
from functools import partial
from typing import Any

from db.timetable import next_due
from db.transactions import Transactions
from domain.days import LONDON
from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.domain.rules import stated_rules
from tests.mutations import ADMIT, CAST, act
from tests.world import CARE, World

ADOPT = """mutation ($rules: JSON!, $from: Date!, $resolution: String, $contest: ID) { adoptRuleset(input: {rules: $rules,
  effectiveFrom: $from, resolution: $resolution, contestId: $contest}) { ruleset { version effectiveFrom resolution contest { id } } errors { code } } }"""


def test_a_new_version_needs_a_resolution_and_holds_from_its_day(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk, officer = await world.officer(Role.CLERK), await world.officer(Role.MEMBERSHIP_OFFICER)
        today, rules = await world.day(), stated_rules()
        (_, early), (_, late) = await world.applicant(constituency="STAFF"), await world.applicant(constituency="STAFF")
        await world.do(ADMIT, officer, id=early)
        new: dict[str, Any] = {"rules": rules, "from": today, "resolution": "AGM of 1 March, item 4"}

        assert await world.refused(ADOPT, officer, **new) == "NOT_PERMITTED"
        assert await world.refused(ADOPT, clerk, **(new | {"resolution": None})) == "RESOLUTION_NEEDED"
        assert await world.refused(ADOPT, clerk, **(new | {"resolution": " "})) == "INPUT_INVALID"
        assert await world.refused(ADOPT, clerk, **(new | {"from": "2020-01-01"})) == "DATES_CONTRADICT"
        lacking = await world.refusals(ADOPT, clerk, **(new | {"rules": {}}))
        assert [each["code"] for each in lacking] == ["INPUT_INVALID"] * len(rules)
        assert await world.refused(ADOPT, clerk, **(new | {"rules": [1]})) == "INPUT_INVALID"
        assert (
            await world.refused(ADOPT, clerk, **(new | {"rules": rules | {"guaranteePence": 0}})) == "RULES_CONTRADICT"
        )
        for beyond in (
            {"smallGroup": 2_000_000},
            {"smallRoll": -5},
            {"smallRoll": 2_000_000},
            {"guaranteePence": 2_000_000},
        ):
            assert await world.refused(ADOPT, clerk, **(new | {"rules": rules | beyond})) == "RULES_CONTRADICT"
        fewer = rules | {"constituencies": [each for each in rules["constituencies"] if each["code"] != "STAFF"]}
        assert await world.refused(ADOPT, clerk, **(new | {"rules": fewer})) == "RULES_CONTRADICT"
        alumni = {**rules["constituencies"][0], "code": "ALUMNI", "name": "Alumni", "qualifyingKinds": ["ALUMNUS"]}
        more = rules | {"constituencies": [*rules["constituencies"], alumni]}
        adopted = (await world.do(ADOPT, clerk, **(new | {"rules": more})))["ruleset"]
        assert (adopted["version"], adopted["resolution"]) == (2, "AGM of 1 March, item 4")
        await world.do(ADMIT, officer, id=late)

        history = "query ($id: ID!) { node(id: $id) { ... on Member { history { rulesetVersion } } } }"
        versions = [(await world.ask(history, officer, id=each))["node"]["history"] for each in (early, late)]
        assert [[step["rulesetVersion"] for step in steps] for steps in versions] == [[1, 1], [1, 2]]
        codes = (await world.ask("{ trust { ruleset { version } constituencies { code } } }"))["trust"]
        assert codes["ruleset"] == {"version": 2}
        assert "ALUMNI" in [each["code"] for each in codes["constituencies"]]

    in_a_world(story)


def test_rules_of_the_future_do_not_hold_today(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        later = await world.day(30)
        rules = stated_rules(constituenciesPerPerson="SEVERAL")

        await world.do(ADOPT, clerk, rules=rules, **{"from": later}, resolution="Minute 1")
        assert (await world.ask("{ trust { ruleset { version } } }"))["trust"]["ruleset"]["version"] == 1
        assert (
            await world.refused(ADOPT, clerk, rules=rules, **{"from": await world.day(2_000)}, resolution="Minute 2")
            == "DATES_CONTRADICT"
        )
        await world.pass_time(days=30)
        assert (await world.ask("{ trust { ruleset { version } } }"))["trust"]["ruleset"]["version"] == 2

    in_a_world(story)


def test_rules_that_newer_ones_replace_before_their_day_are_not_on_the_timetable(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk, trust_id, after = await world.officer(Role.CLERK), await world.trust_id(CARE), await world.now()
        for days in (200, 30, 30, 60):
            await world.do(
                ADOPT, clerk, rules=stated_rules(), **{"from": await world.day(days)}, resolution=f"Minute {days}"
            )

        found, until = [], after + timedelta(days=400)
        transactions = Transactions(world.app.pool)
        while due := await transactions.run(trust_id, partial(next_due, after=after, until=until)):
            after = due.moment
            found += [str(after.astimezone(LONDON).date())] * due.events.get("new rules come into force", 0)
        assert found == [await world.day(30), await world.day(60)]

    in_a_world(story)


def test_a_poll_held_here_adopts_rules_once_it_is_declared_carried(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk, officer = await world.officer(Role.CLERK), await world.officer(Role.RETURNING_OFFICER)
        voter, _ = await world.member()
        poll = await world.open_poll()
        new: dict[str, Any] = {"rules": stated_rules(), "from": await world.day(), "contest": world.contests[poll][0]}

        await world.do(CAST, voter, **world.paper(poll, "FOR"))
        assert await world.refused(ADOPT, clerk, **new) == "RESOLUTION_NEEDED"
        await world.close_poll(poll)
        for step in ("countPoll", "declarePoll"):
            await world.do(act(step, "poll"), officer, id=poll)

        adopted = (await world.do(ADOPT, clerk, **(new | {"from": await world.day()})))["ruleset"]
        assert adopted["contest"] == {"id": world.contests[poll][0]}

    in_a_world(story)


def test_a_version_says_of_each_constituency_who_may_join_it(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        rules = stated_rules()
        rules["constituencies"][0]["description"] = "Everybody who brings up a learner of our schools."
        asked = """{ trust { rulesets { constituencies { constituency { code name } code description qualifyingKinds takesOrganisations
          isCompanyMember approval joinAge voteAge standAge officeAge graceDays } } } }"""
        text: dict[str, Any] = {"rules": rules, "from": await world.day(), "resolution": "AGM"}
        await world.do(ADOPT, clerk, **text)

        old, new = (each["constituencies"] for each in (await world.ask(asked))["trust"]["rulesets"])

        for seen, stated in zip(new, rules["constituencies"], strict=True):
            assert seen.pop("constituency") == {"code": stated["code"], "name": stated.pop("name")}
            assert seen == {"description": None} | stated
        assert [each["description"] for each in old] == [None] * len(rules["constituencies"])
        text["rules"] = stated_rules()
        text["rules"]["constituencies"][0]["description"] = 7
        assert await world.refused(ADOPT, clerk, **text) == "INPUT_INVALID"

    in_a_world(story)


def test_a_misspelt_rule_is_not_adopted_and_all_that_is_wrong_is_told_at_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        told = ADOPT.replace("errors { code }", "errors { code message path }")
        text: dict[str, Any] = {"from": await world.day(), "resolution": "AGM"}

        rules = stated_rules(smallGrup=3)
        (error,) = await world.refusals(told, clerk, **text, rules=rules)
        assert (error["code"], error["path"]) == ("INPUT_INVALID", "rules")
        assert "smallGrup" in error["message"]

        rules["constituencies"][1]["standage"] = rules["constituencies"][1].pop("standAge")
        rules["constituencies"][2]["joinAge"] = "11"
        rules["resolutionMajorities"]["WRITTEN_SPECIAL"]["atLeast"] = "yes"
        del rules["smallRoll"]
        errors = await world.refusals(told, clerk, **text, rules=rules)
        assert {each["code"] for each in errors} == {"INPUT_INVALID"}
        assert sorted(each["path"] for each in errors) == [
            "rules",
            "rules.constituencies.1",
            "rules.constituencies.1.standAge",
            "rules.constituencies.2.joinAge",
            "rules.resolutionMajorities.WRITTEN_SPECIAL.atLeast",
            "rules.smallRoll",
        ]

    in_a_world(story)


def test_no_rules_go_beyond_what_a_statute_sets(in_a_world: Scenario) -> None:
    """Rules 5f, 5g, 6d, 12i, 16b and 19c; what was adopted before there was a limit is read all the same (rule 1b)."""

    async def story(world: World) -> None:
        clerk, told = await world.officer(Role.CLERK), ADOPT.replace("errors { code }", "errors { code path }")
        sound = stated_rules()
        beyond = {
            "retentionDays": sound["retentionDays"] | {"FORMER_MEMBER": 0},
            "inspectionWorkingDays": 500,
            "consultationDays": dict.fromkeys(sound["consultationDays"], 0),
            "guardianConsentAge": 100,
            "smallRoll": 0,
        }
        text: dict[str, Any] = {"from": await world.day(), "resolution": "AGM"}

        refused = await world.refusals(told, clerk, **text, rules=sound | beyond)

        assert {each["code"] for each in refused} == {"RULES_CONTRADICT"}
        assert [each["path"] for each in refused] == [
            "rules.retentionDays.FORMER_MEMBER",
            "rules.inspectionWorkingDays",
            "rules.guardianConsentAge",
            "rules.smallRoll",
            "rules.consultationDays.STATUTORY_PROPOSAL",
            "rules.consultationDays.ADMISSIONS",
        ]
        await world.set_rules(**beyond)
        assert (await world.ask("{ trust { ruleset { version } } }"))["trust"]["ruleset"] == {"version": 1}
        await world.do(ADOPT, clerk, **text, rules=sound)

    in_a_world(story)
