"""The judge against a real cluster: what it said of each statement that the tests sent one day in November 2026."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.shards.catalogue import Catalogue, Time
from tests.shards.findings import Finding, Rule
from tests.shards.judge import judge

VERDICTS = json.loads((Path(__file__).parent / "citus-verdicts.json").read_text())
HARMLESS = {"one task", "no shard touched"}

# the tables of that day, with an `id` that fills itself, and those without one
WITH_ID = (
    "affiliation", "agreement", "audit_event", "authorisation", "ballot", "ballot_inbox", "ballot_paper",
    "constituency", "consultation", "consultation_action", "consultation_question", "consultation_response",
    "consultation_total", "data_request", "declaration", "guardian_consent", "guardianship", "import_job",
    "import_row", "inspection_request", "membership", "membership_transition", "notice", "organisation",
    "outbox", "partner", "partner_app", "person", "recorded_vote", "register_entry", "relationship", "removal",
    "role_grant", "ruleset", "school", "school_link", "session", "sign_in_challenge",
)  # fmt: skip
WITHOUT_ID = (
    "ballot_constituency", "ballot_receipt", "consultation_answer", "consultation_school", "idempotency_key",
    "partner_token", "person_identifier", "register_number", "roll_entry",
)  # fmt: skip
MOMENTS = ("applied_at", "closes_at", "created_at", "dispatched_at", "ended_at", "expires_at", "sent_at", "try_at")
DAYS = ("answered_on", "ceased_on", "date_of_birth", "redacted_on", "registered_on", "since", "until", "voted_on")
THAT_DAY = Catalogue(
    frozenset([*WITH_ID, *WITHOUT_ID]),
    dict.fromkeys(WITH_ID, frozenset({"id"})),
    {**dict.fromkeys(MOMENTS, Time.MOMENT), **dict.fromkeys(DAYS, Time.DAY)},
)

# where the judge is stricter than the cluster was: a piece of the statement, the rule, the reason
PUSHED_DOWN = "PostgreSQL moves the outer `trust_id = $1` inside; the judge wants it written where the table is named"
RAN_ON_ONE_SHARD = "one task, but the function finds no rows on a node, where the tables have other names"
DIFFERENCES: Mapping[str, tuple[Rule, str]] = {
    "from relationship r left join affiliation a on a.trust_id = r.trust_id": (Rule.UNCONSTRAINED, PUSHED_DOWN),
    "from declaration d cross join lateral jsonb_each_text(": (Rule.UNCONSTRAINED, PUSHED_DOWN),
    'select count(*) from "membership" t2 where t2.id in (select members_named($2::text)) and t2."trust_id" = $1)': (
        Rule.READS_TABLES,
        RAN_ON_ONE_SHARD,
    ),
    't2.id in (select members_named($2::text)) and t2."trust_id" = $1 and (t2.person_id': (
        Rule.READS_TABLES,
        RAN_ON_ONE_SHARD,
    ),
    'left join "declaration" t12 on t12."ballot_id" = t11.id and t12."trust_id" = $1 and (false)': (
        Rule.FALSE_JOIN,
        "its WHERE is false as well, so PostgreSQL never plans the join",
    ),
}


def difference(sql: str) -> str | None:
    return next((piece for piece in DIFFERENCES if piece in sql), None)


@pytest.mark.parametrize("entry", VERDICTS, ids=range(len(VERDICTS)))
def test_the_judge_says_what_the_cluster_said(entry: dict[str, str]) -> None:
    found = judge(entry["sql"], THAT_DAY)

    piece = difference(entry["sql"])
    if piece is None:
        assert (entry["verdict"] in HARMLESS) == (found == []), f"{entry['verdict']}: {found}"
    else:
        assert entry["verdict"] in HARMLESS
        assert {each.rule for each in found} == {DIFFERENCES[piece][0]}


def test_every_difference_is_one_statement() -> None:
    pieces = [difference(entry["sql"]) for entry in VERDICTS]

    assert sorted(filter(None, pieces)) == sorted(DIFFERENCES)


@pytest.mark.parametrize(
    ("error", "rules"),
    [
        ("non-IMMUTABLE functions are not allowed in CASE or COALESCE", {Rule.CONDITIONAL_NOT_IMMUTABLE}),
        ("functions used in the DO UPDATE SET clause", {Rule.CONFLICT_NOT_IMMUTABLE}),
        ("STABLE functions used in UPDATE queries", {Rule.STABLE_OF_COLUMN}),
        ("could not run distributed query with FOR UPDATE/SHARE", {Rule.LOCKED_ACROSS_TRUSTS}),
        ("failed to postpone qual containing lateral reference", {Rule.FALSE_JOIN}),
        ("MANY tasks", {Rule.UNCONSTRAINED}),
        ("could not create distributed plan", {Rule.INSERT_CONSTANT_TRUST}),
        ("insert-select via pull to coordinator", {Rule.INSERT_CONSTANT_TRUST}),
        ("no value found for parameter", {Rule.INSERT_CONSTANT_TRUST, Rule.INSERT_UNNAMED_DEFAULT}),
    ],
)
def test_the_judge_names_the_cause_of_every_error(error: str, rules: set[Rule]) -> None:
    found: list[list[Finding]] = [judge(each["sql"], THAT_DAY) for each in VERDICTS if error in each["verdict"]]

    assert found
    for findings in found:
        assert rules & {each.rule for each in findings}, findings
