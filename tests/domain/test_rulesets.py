import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.governance.rulesets import Ruleset, parse_ruleset
from domain.refusals import Refusal, RefusalCode

DATA = json.loads((Path(__file__).parents[2] / "data" / "rulesets.json").read_text())
TRUSTS = sorted(DATA["trusts"])


def parsed(facts: dict[str, Any]) -> Ruleset:
    return parse_ruleset(1, date(2017, 1, 1), facts)


@pytest.mark.parametrize("trust", TRUSTS)
def test_the_rules_of_every_trust_are_sound(trust: str) -> None:
    ruleset = parsed(DATA["trusts"][trust])

    assert len(ruleset.constituencies) >= 4
    assert ruleset.small_group >= 10


@pytest.mark.parametrize(
    "change",
    [
        {"constituencies": []},
        {"ordinaryMajority": "1/3"},
        {"ordinaryMajority": "a half"},
        {"smallGroup": 1},
        {"resolutionNoticeDays": -1},
        {"shape": "GUILD"},
        {"guaranteePence": "one pound"},
        {"consultationDays": {"ADMISSIONS": "six weeks"}},
    ],
)
def test_rules_that_contradict_themselves_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refusal:
        parsed(DATA["trusts"]["care-foundation-trust"] | change)

    assert refusal.value.code is RefusalCode.INPUT_INVALID


@pytest.mark.parametrize("missing", ["shape", "constituencies", "smallGroup", "ordinaryMajority"])
def test_rules_that_lack_a_number_are_refused(missing: str) -> None:
    facts = dict(DATA["trusts"]["care-foundation-trust"])
    del facts[missing]

    with pytest.raises(Refusal, match=missing):
        parsed(facts)


def test_nobody_votes_before_they_may_join() -> None:
    facts = json.loads(json.dumps(DATA["trusts"]["care-foundation-trust"]))
    facts["constituencies"][1] |= {"joinAge": 14, "voteAge": 11}

    with pytest.raises(Refusal, match="vote before"):
        parsed(facts)


def test_an_unknown_constituency_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        parsed(DATA["trusts"]["care-foundation-trust"]).constituency("GOVERNORS")

    assert refusal.value.field == "constituency"
