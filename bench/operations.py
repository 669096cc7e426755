"""What is asked, of whom in which words, and what an answer must hold."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .load import forever, post
from .seed import OFFICER_TOKEN, TRUST, VOTERS, voter_token

CONTENDERS = ("folkmoot", "bare", "dataloader", "postgraphile", "mercurius")
ROUNDS = 3
OPERATIONS: dict[str, dict[str, str]] = {
    "member": {
        "folkmoot": "query Member($id: ID!) { node(id: $id) { ... on Person { id givenName familyName email memberships"
        " { id number status registeredOn constituency { id name } } } } }",
        "standard": "query Member($id: ID!) { person(id: $id) { id givenName familyName email memberships"
        " { id number status registeredOn constituency { id name } } } }",
        "postgraphile": "query Member($trust: UUID!, $id: UUID!) { personByTrustIdAndRowId(trustId: $trust, rowId: $id)"
        " { rowId givenName familyName email membershipsByTrustIdAndPersonId { nodes { rowId number status registeredOn"
        " constituencyByTrustIdAndConstituencyId { rowId name } } } } }",
    },
    "page": {
        "folkmoot": "query Page($after: String) { members(first: 50, after: $after) { edges { cursor node { id number"
        " registeredOn person { id givenName familyName } school { id name } } } pageInfo { hasNextPage endCursor } } }",
        "standard": "query Page($after: String!) { members(first: 50, after: $after) { edges { cursor node { id number"
        " registeredOn person { id givenName familyName } school { id name } } } pageInfo { hasNextPage endCursor } } }",
        "postgraphile": "query Page($trust: UUID!, $after: Cursor) { trustByRowId(rowId: $trust) { rowId"
        " constituenciesByTrustId(first: 1) { nodes { rowId } } }"
        " allMemberships(first: 50, after: $after, condition: {trustId: $trust}) { edges { cursor node { rowId number"
        " registeredOn personByTrustIdAndPersonId { rowId givenName familyName } schoolByTrustIdAndSchoolId { rowId name }"
        " } } pageInfo { hasNextPage endCursor } } }",
    },
    "consultations": {
        "folkmoot": "query Consultations { consultations(first: 20) { nodes { id title status closesAt questions"
        " { id position prompt responseCount } } } }",
        "standard": "query Consultations { consultations(first: 20) { id title status closesAt questions"
        " { id position prompt responseCount } } }",
        "postgraphile": "query Consultations($trust: UUID!) { allConsultations(first: 20, condition: {trustId: $trust})"
        " { nodes { rowId title status closesAt consultationQuestionsByTrustIdAndConsultationId { nodes { rowId position"
        " prompt responseCount } } } } }",
    },
    "nested": {
        "folkmoot": "query Nested { schools(first: 12) { nodes { id name phase members(first: 83) { nodes { id number"
        " person { id givenName familyName email } } } } } }",
        "standard": "query Nested { schools(first: 12) { id name phase members(first: 83) { id number person"
        " { id givenName familyName email } } } }",
        "postgraphile": "query Nested($trust: UUID!) { allSchools(first: 12, condition: {trustId: $trust}) { nodes { rowId"
        " name phase membershipsByTrustIdAndSchoolId(first: 83) { nodes { rowId number personByTrustIdAndPersonId"
        " { rowId givenName familyName email } } } } } }",
    },
    # an officer looks a member up among 250,000 by the beginnings of two words; the peers have nothing of the sort
    "search": {
        "folkmoot": "query Search($name: String!) { members(first: 20, filter: {name: $name}) { nodes { id number name"
        " status registeredOn constituency { id name } } } }",
    },
    "cast_vote": {
        "folkmoot": "mutation CastVote($contestId: ID!, $paper: String!) { castVote(input: { contestId: $contestId,"
        " paper: $paper }) { receipt errors { code } } }",
        "standard": "mutation Cast($contest: ID!, $person: ID!, $paper: String!) { castVote(contest: $contest, person: $person,"
        " paper: $paper) }",
        "postgraphile": "mutation Cast($trust: UUID!, $contest: UUID!, $person: UUID!, $paper: String!) { castVote(input:"
        " { trust: $trust, contest: $contest, person: $person, paper: $paper }) { result } }",
    },
}


ALONE = {"search"}  # driven over one connection: what one person waits
SEARCHED = ("ami gou", "bryn hussain4", "dunn edith", "fell7", "kaur1 far", "Ísla Jöyce2")
EXPECTED = {
    "search": b"registeredOn",
    "member": b"givenName",
    "page": b"hasNextPage",
    "consultations": b"prompt",
    "nested": b"familyName",
}


EXPECTED_RECEIPT = {"folkmoot": b'"errors":[]', "postgraphile": b'"result":"', "bare": b'"receipt":"'}


@dataclass(frozen=True, slots=True)
class RequestKeys:
    """Keys the requests are made of."""

    trust: str
    people: Sequence[str]  # voters, in the order of their tokens
    memberships: Sequence[str]
    contests: Sequence[str]


def requests_for(operation: str, contender: str, keys: RequestKeys, round_number: int) -> Iterator[bytes]:
    """Prepared requests, each with variables of its own."""
    if operation == "cast_vote":
        return iter(_votes(contender, keys, round_number))
    count = 1 if operation in ("consultations", "nested") else 2_000
    return forever([_read(operation, contender, keys, number * 13) for number in range(count)])


def _read(operation: str, contender: str, keys: RequestKeys, number: int) -> bytes:
    person = keys.people[number % len(keys.people)]
    if operation == "search":
        return _search(contender, keys, SEARCHED[number % len(SEARCHED)])
    after = keys.memberships[number % (len(keys.memberships) - 60)]
    if contender == "bare":
        return post(f"/{operation}", json.dumps({"trust": keys.trust, "id": person, "after": after}).encode())
    if contender == "folkmoot":
        variables: dict[str, Any] = {"member": {"id": f"per_{person}"}, "page": {"after": f"mem_{after}"}}.get(
            operation, {}
        )
        body = {"query": OPERATIONS[operation]["folkmoot"], "variables": variables}
        return post(f"/{TRUST}/graphql", json.dumps(body).encode(), [("Authorization", f"Bearer {OFFICER_TOKEN}")])
    if contender == "postgraphile":
        variables = {"trust": keys.trust}
        if operation == "member":
            variables["id"] = person
        body = {"query": OPERATIONS[operation]["postgraphile"], "variables": variables}
        return post("/graphql", json.dumps(body).encode())
    variables = {"member": {"id": person}, "page": {"after": after}}.get(operation, {})
    return post("/graphql", json.dumps({"query": OPERATIONS[operation]["standard"], "variables": variables}).encode())


def _votes(contender: str, keys: RequestKeys, round_number: int) -> Iterator[bytes]:
    """Each voter once: every contender has a contest of its own, every round a share of its roll."""
    contest = keys.contests[CONTENDERS.index(contender)]
    share = VOTERS // (ROUNDS + 1)
    for number in range(round_number * share, (round_number + 1) * share):
        person, paper = keys.people[number], ("1 FOR", "1 AGAINST", "1 ABSTAIN")[number % 3]
        if contender == "bare":
            body = {"trust": keys.trust, "contest": contest, "person": person, "paper": paper}
            yield post("/cast_vote", json.dumps(body).encode())
        elif contender == "folkmoot":
            variables = {"contestId": f"cts_{contest}", "paper": paper}
            query = json.dumps({"query": OPERATIONS["cast_vote"]["folkmoot"], "variables": variables})
            token = [("Authorization", f"Bearer {voter_token(number)}")]
            yield post(f"/{TRUST}/graphql", query.encode(), token)
        else:
            kind = "postgraphile" if contender == "postgraphile" else "standard"
            variables = {"contest": contest, "person": person, "paper": paper}
            if kind == "postgraphile":
                variables["trust"] = keys.trust
            yield post(
                "/graphql", json.dumps({"query": OPERATIONS["cast_vote"][kind], "variables": variables}).encode()
            )


def _search(contender: str, keys: RequestKeys, name: str) -> bytes:
    if contender == "bare":
        return post("/search", json.dumps({"trust": keys.trust, "name": name}).encode())
    body = {"query": OPERATIONS["search"]["folkmoot"], "variables": {"name": name}}
    return post(f"/{TRUST}/graphql", json.dumps(body).encode(), [("Authorization", f"Bearer {OFFICER_TOKEN}")])


def takes_part(operation: str, contender: str) -> bool:
    return operation != "search" or contender in ("folkmoot", "bare")
