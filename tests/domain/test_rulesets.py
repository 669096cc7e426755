"""Rule 1: rules are data, by version; contradictory rules are refused."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.governance.rulesets import (
    LONGEST_AHEAD,
    LegalShape,
    RecordType,
    Ruleset,
    check_adoption,
    new_ruleset,
    parse_ruleset,
)
from domain.refusals import Refusal, RefusalCode
from tests.domain.refusals import refused
from tests.domain.rules import DATA, make_ruleset, stated_rules

TRUSTS = sorted(DATA["trusts"])
EXAMPLES = json.loads((Path(__file__).parents[2] / "data" / "ruleset_examples.json").read_text())["examples"]
TODAY = date(2026, 11, 22)


def parsed(rules: dict[str, Any]) -> Ruleset:
    return new_ruleset(1, date(2017, 1, 1), rules)


@pytest.mark.parametrize("trust", TRUSTS)
def test_the_rules_of_every_trust_are_sound(trust: str) -> None:
    ruleset = parsed(DATA["trusts"][trust])

    assert len(ruleset.constituencies) >= 4
    assert ruleset.small_group >= 10
    assert set(ruleset.retention_days) == set(RecordType)


@pytest.mark.parametrize("shape", LegalShape)
def test_there_is_a_documented_example_of_each_legal_shape(shape: LegalShape) -> None:
    example = parsed(EXAMPLES[shape.value])

    assert example.shape is shape


def test_the_rules_document_explains_every_key() -> None:
    text = (Path(__file__).parents[2] / "docs" / "rulesets.md").read_text()
    stated = stated_rules()

    assert [
        key for key in (*stated, *stated["constituencies"][0], *RecordType.values()) if f"`{key}`" not in text
    ] == []


def majority(kind: str = "ORDINARY", **changes: object) -> dict[str, object]:
    """Rules with another majority for a kind of resolution."""
    stated = stated_rules()["resolutionMajorities"]
    return {"resolutionMajorities": stated | {kind: stated[kind] | changes}}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"constituencies": []}, RefusalCode.RULES_CONTRADICT),
        (majority(share="1/3"), RefusalCode.RULES_CONTRADICT),
        (majority(share="1/1"), RefusalCode.RULES_CONTRADICT),  # more than all votes
        (majority(atLeast=True), RefusalCode.RULES_CONTRADICT),  # as many against as for
        (majority("SPECIAL", share="2/3"), RefusalCode.RULES_CONTRADICT),
        (majority("WRITTEN", ofAllEntitled=False), RefusalCode.RULES_CONTRADICT),
        (majority(share="a half"), RefusalCode.INPUT_INVALID),
        (majority(share="1/0"), RefusalCode.INPUT_INVALID),
        ({"guardianConsentAge": 16.0}, RefusalCode.INPUT_INVALID),  # SQL reads the stored form as well
        ({"smallGroup": "5"}, RefusalCode.INPUT_INVALID),
        ({"removalNoticeDays": True}, RefusalCode.INPUT_INVALID),
        (majority(atLeast="no"), RefusalCode.INPUT_INVALID),
        ({"resolutionMajorities": {}}, RefusalCode.RULES_CONTRADICT),
        ({"resolutionMajorities": {"TALL": {}}}, RefusalCode.INPUT_INVALID),
        ({"resolutionQuorum": {"papers": -1, "share": "0/1"}}, RefusalCode.RULES_CONTRADICT),
        ({"resolutionQuorum": {"papers": 0, "share": "3/2"}}, RefusalCode.RULES_CONTRADICT),
        ({"resolutionQuorum": {"papers": 0}}, RefusalCode.INPUT_INVALID),
        ({"smallGroup": 1}, RefusalCode.RULES_CONTRADICT),
        ({"resolutionNoticeDays": -1}, RefusalCode.RULES_CONTRADICT),
        ({"removalAppealDays": 40_000}, RefusalCode.RULES_CONTRADICT),
        ({"shape": "GUILD"}, RefusalCode.INPUT_INVALID),
        ({"shape": "SHARE"}, RefusalCode.RULES_CONTRADICT),  # without a share
        ({"sharePence": 100}, RefusalCode.RULES_CONTRADICT),  # without the shape
        ({"guaranteePence": 0}, RefusalCode.RULES_CONTRADICT),  # of a foundation trust
        ({"guaranteePence": "one pound"}, RefusalCode.INPUT_INVALID),
        ({"consultationDays": {"ADMISSIONS": "six weeks"}}, RefusalCode.INPUT_INVALID),
        ({"consultationDays": ["ADMISSIONS"]}, RefusalCode.INPUT_INVALID),
        ({"consultationDays": {"ADMISIONS": 42}}, RefusalCode.INPUT_INVALID),  # the law's least days would be none
        ({"consultationDays": {}}, RefusalCode.RULES_CONTRADICT),
        ({"articlesReference": 7}, RefusalCode.INPUT_INVALID),
        ({"firstClaim": "STAFF"}, RefusalCode.INPUT_INVALID),
        ({"guaranteePence": 2**31}, RefusalCode.INPUT_INVALID),
        ({"digitalConsent": [{"since": "25/05/2018", "age": 13}]}, RefusalCode.INPUT_INVALID),
        ({"resolutionQuorum": None}, RefusalCode.INPUT_INVALID),
        ({"suspendedMayVote": "false"}, RefusalCode.INPUT_INVALID),
        ({"constituenciesPerPerson": "MANY"}, RefusalCode.INPUT_INVALID),
        ({"firstClaim": ["GOVERNORS"]}, RefusalCode.RULES_CONTRADICT),
        ({"firstClaim": ["STAFF"], "constituenciesPerPerson": "SEVERAL"}, RefusalCode.RULES_CONTRADICT),
        ({"digitalConsent": []}, RefusalCode.RULES_CONTRADICT),
        ({"digitalConsent": [{"since": "2017-01-01", "age": 12}]}, RefusalCode.RULES_CONTRADICT),
        ({"digitalConsent": [{"since": "2018-05-25", "age": 13}]}, RefusalCode.RULES_CONTRADICT),  # too late
        ({"retentionDays": {"ENDED_SESSION": 30}}, RefusalCode.RULES_CONTRADICT),
        ({"guardianConsentAge": 160}, RefusalCode.RULES_CONTRADICT),
    ],
)
def test_rules_that_contradict_themselves_are_refused(change: dict[str, Any], code: RefusalCode) -> None:
    with pytest.raises(Refusal) as refusal:
        parsed(stated_rules(**change))

    assert refusal.value.code is code


@pytest.mark.parametrize("missing", ["shape", "constituencies", "smallGroup", "resolutionQuorum", "digitalConsent"])
def test_rules_that_lack_a_number_are_refused(missing: str) -> None:
    rules = stated_rules()
    del rules[missing]

    with pytest.raises(Refusal, match=missing):
        parsed(rules)


def test_all_that_is_missing_misstated_or_misspelt_is_told_at_once_by_its_path() -> None:
    rules = stated_rules(smallGrup=3, retentionDays=stated_rules()["retentionDays"] | {"NOTICE_TEXT": "long"})
    del rules["smallRoll"]
    rules["constituencies"][0]["joinAge"] = "eleven"
    rules["constituencies"][1] |= {"standage": 3, "approval": "KING"}
    del rules["resolutionMajorities"]["WRITTEN_SPECIAL"]["share"]

    with pytest.raises(Refusal) as refusal:
        parsed(rules)

    told = {each.field: each.message for each in (refusal.value, *refusal.value.others)}
    assert set(told) == {
        "rules",
        "rules.smallRoll",
        "rules.constituencies.0.joinAge",
        "rules.constituencies.1",
        "rules.constituencies.1.approval",
        "rules.retentionDays.NOTICE_TEXT",
        "rules.resolutionMajorities.WRITTEN_SPECIAL.share",
    }
    assert "'smallGrup'" in told["rules"]
    assert "'standage'" in told["rules.constituencies.1"]
    assert "AUTOMATIC" in told["rules.constituencies.1.approval"]


def test_all_that_contradicts_is_told_at_once() -> None:
    rules = stated_rules(smallGroup=1, guaranteePence=0)
    rules["constituencies"][2] |= {"voteAge": 17, "standAge": 16}

    with pytest.raises(Refusal) as refusal:
        parsed(rules)

    told = [(each.code, each.field) for each in (refusal.value, *refusal.value.others)]
    assert told == [
        (RefusalCode.RULES_CONTRADICT, "rules.constituencies.2"),
        (RefusalCode.RULES_CONTRADICT, "rules"),
        (RefusalCode.RULES_CONTRADICT, "rules"),
    ]


def test_rules_that_were_stored_with_a_misspelt_key_are_read_as_ever() -> None:
    """They hold, whatever else stands there: a trust whose rules nobody can read would stand still."""
    rules = stated_rules(smallGrup=3)
    rules["constituencies"][0]["standage"] = 3

    assert parse_ruleset(1, date(2017, 1, 1), rules) == make_ruleset()


@pytest.mark.parametrize(
    ("ages", "what"),
    [
        ({"joinAge": 14, "voteAge": 11}, "vote before"),
        ({"voteAge": 17, "standAge": 16}, "stand before"),
        ({"standAge": 19, "officeAge": 18}, "office before"),
        ({"joinAge": -1}, "outside 0 to 100"),
    ],
)
def test_the_four_ages_follow_one_another(ages: dict[str, int], what: str) -> None:
    """Rule 6a: separate ages to join, vote, stand and hold office."""
    rules = stated_rules()
    rules["constituencies"][1] |= ages

    with pytest.raises(Refusal, match=what):
        parsed(rules)


def test_an_unknown_constituency_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        make_ruleset().constituency("GOVERNORS")

    assert refusal.value.field == "constituency"


def test_the_age_of_digital_consent_is_dated() -> None:
    """Rule 6f: ministers may set any age from 13 to 16 from a day on."""
    ruleset = make_ruleset(digitalConsent=[{"since": "2027-04-01", "age": 16}, {"since": "2017-01-01", "age": 13}])

    assert ruleset.digital_consent_age_on(date(2027, 3, 31)) == 13
    assert ruleset.digital_consent_age_on(date(2027, 4, 1)) == 16


def test_rules_never_hold_backwards_and_drop_no_constituency_in_use() -> None:
    newest, fewer = make_ruleset(), stated_rules()
    fewer["constituencies"] = fewer["constituencies"][:-1]

    check_adoption(parse_ruleset(2, TODAY, stated_rules()), newest, ["STAFF"], TODAY)
    with pytest.raises(Refusal) as early:
        check_adoption(parse_ruleset(2, TODAY - timedelta(days=1), stated_rules()), newest, [], TODAY)
    with pytest.raises(Refusal, match="PARTNER"):
        check_adoption(parse_ruleset(2, TODAY, fewer), newest, ["PARTNER", "STAFF"], TODAY)

    assert early.value.code is RefusalCode.DATES_CONTRADICT


def test_rules_are_not_adopted_for_a_day_far_ahead() -> None:
    newest = make_ruleset()
    check_adoption(parse_ruleset(2, TODAY + timedelta(days=LONGEST_AHEAD), stated_rules()), newest, [], TODAY)
    with refused(RefusalCode.DATES_CONTRADICT):
        check_adoption(parse_ruleset(2, TODAY + timedelta(days=LONGEST_AHEAD + 1), stated_rules()), newest, [], TODAY)


@pytest.mark.parametrize(
    "beyond",
    [
        *({key: 2_000_000} for key in ("guaranteePence", "smallGroup", "smallRoll")),
        {"shape": "SHARE", "sharePence": 2_000_000},
        {"resolutionQuorum": {"papers": 2_000_000, "share": "0/1"}},
        {"smallRoll": -5},
    ],
)
def test_no_number_is_adopted_that_would_stop_the_trust(beyond: dict[str, Any]) -> None:
    """Rules adopted with one are read as they are."""
    rules = parse_ruleset(2, TODAY, stated_rules(**beyond))

    with refused(RefusalCode.RULES_CONTRADICT):
        check_adoption(rules, make_ruleset(), [], TODAY)


@pytest.mark.parametrize("example", [*DATA["trusts"].values(), *EXAMPLES.values()])
def test_the_numbers_of_every_preset_could_be_adopted(example: dict[str, Any]) -> None:
    check_adoption(parse_ruleset(2, TODAY, example), make_ruleset(), [], TODAY)
