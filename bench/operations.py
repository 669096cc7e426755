"""What is asked, of whom in which words, and what an answer must hold."""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from .load import Asked, post
from .seed import OFFICER_TOKEN, TRUST, VOTERS, voter_token

CONTENDERS = ("folkmoot", "bare", "dataloader", "postgraphile", "mercurius")
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
        "folkmoot": "query Consultations($after: String) { consultations(first: 20, after: $after) { nodes { id title status closesAt questions"
        " { id position prompt responseCount } } } }",
        "standard": "query Consultations { consultations(first: 20) { id title status closesAt questions"
        " { id position prompt responseCount } } }",
        "postgraphile": "query Consultations($trust: UUID!) { allConsultations(first: 20, condition: {trustId: $trust})"
        " { nodes { rowId title status closesAt consultationQuestionsByTrustIdAndConsultationId { nodes { rowId position"
        " prompt responseCount } } } } }",
    },
    "nested": {
        "folkmoot": "query Nested($after: String) { schools(first: 12) { nodes { id name phase members(first: 83, after: $after) { nodes { id number"
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
    # what an app asks first, of whoever has signed in
    "me": {"folkmoot": "query Me { viewer { person { id givenName email } } }"},
    "cast_vote": {
        "folkmoot": "mutation CastVote($contestId: ID!, $paper: String!) { castVote(input: { contestId: $contestId,"
        " paper: $paper }) { receipt errors { code } } }",
        "standard": "mutation Cast($contest: ID!, $person: ID!, $paper: String!) { castVote(contest: $contest, person: $person,"
        " paper: $paper) }",
        "postgraphile": "mutation Cast($trust: UUID!, $contest: UUID!, $person: UUID!, $paper: String!) { castVote(input:"
        " { trust: $trust, contest: $contest, person: $person, paper: $paper }) { result } }",
    },
}


# votes by people who used their session within the minute, and by people who did not: their use is noted on the way
OPERATIONS["cast_vote_idle"] = OPERATIONS["cast_vote"]
IDLE = {"cast_vote": "10 seconds", "cast_vote_idle": "5 minutes"}
ALONE = {"search"}  # driven over one connection: what one person waits
OURS = {"search", "me", "mixed"}  # the peers have no such thing, or it would say nothing
# of a hundred requests: reads of five kinds, consultations, votes
MIXED = {"member": 40, "page": 10, "search": 4, "nested": 1, "me": 15, "consultations": 20, "cast_vote": 10}
SEARCHED = ("ami gou", "bryn hussain4", "dunn edith", "fell7", "kaur1 far", "Ísla Jöyce2")
EXPECTED = {
    "search": b"registeredOn",
    "member": b"memberships",
    "page": b"hasNextPage",
    "consultations": b"prompt",
    "nested": b"familyName",
    "me": b"givenName",
}
RECEIPT = {"dataloader": b'"castVote":"', "mercurius": b'"castVote":"', "postgraphile": b'"result":"'}
MOST_READS = 2_000  # different requests of one kind


@dataclass(frozen=True, slots=True)
class RequestKeys:
    """Keys the requests are made of."""

    trust: str
    people: Sequence[str]  # voters, in the order of their tokens
    memberships: Sequence[str]
    contests: Sequence[str]


def requests_for(operation: str, contender: str, keys: RequestKeys, part: int, parts: int) -> Iterator[Asked]:
    """Prepared requests, each with variables of its own; the peers, who remember no answers, are asked some lists with the
    same ones again. Of voters those of part `part` of `parts`, from 0."""
    if operation == "mixed":
        return _mixed(contender, keys, part, parts)
    if operation.startswith("cast_vote"):
        return _votes(contender, keys, part, parts)
    return itertools.cycle([_read(operation, contender, keys, number * 13) for number in range(MOST_READS)])


def contest_of(contender: str, keys: RequestKeys) -> str:
    """Every contender has a contest of its own, so that nobody's votes are another's double votes."""
    return keys.contests[CONTENDERS.index(contender)]


def _mixed(contender: str, keys: RequestKeys, part: int, parts: int) -> Iterator[Asked]:
    kinds = {kind: requests_for(kind, contender, keys, part, parts) for kind in MIXED}
    hundred = [kind for kind, times in MIXED.items() for _ in range(times)]
    Random(1).shuffle(hundred)
    for kind in itertools.cycle(hundred):
        asked = next(kinds[kind], None)
        if asked is None:  # all have voted
            return
        yield asked


def _read(operation: str, contender: str, keys: RequestKeys, number: int) -> Asked:
    person = keys.people[number % len(keys.people)]
    # a cursor before all rows, another each time: nobody can be answered what somebody else was
    lowest, highest = f"00000000-0000-7000-8000-{number:012x}", f"ffffffff-ffff-7fff-bfff-{number:012x}"
    after = keys.memberships[number % (len(keys.memberships) - 60)]
    name = SEARCHED[number % len(SEARCHED)]
    if contender == "bare":
        values = {"id": person, "after": after if operation == "page" else lowest, "name": name}
        request = post(f"/{operation}", json.dumps({"trust": keys.trust, **values}).encode())
    elif contender == "folkmoot":
        variables = {
            "member": {"id": f"per_{person}"},
            "page": {"after": f"mem_{after}"},
            "consultations": {"after": f"con_{highest}"},
            "nested": {"after": f"mem_{lowest}"},
            "search": {"name": name},
        }.get(operation, {})
        token = voter_token(number % len(keys.people)) if operation == "me" else OFFICER_TOKEN
        request = _graphql(f"/{TRUST}/graphql", operation, "folkmoot", variables, token)
    elif contender == "postgraphile":
        variables = {"trust": keys.trust, **({"id": person} if operation == "member" else {})}
        request = _graphql("/graphql", operation, "postgraphile", variables)
    else:
        variables = {"member": {"id": person}, "page": {"after": after}}.get(operation, {})
        request = _graphql("/graphql", operation, "standard", variables)
    return request, EXPECTED[operation]


def _graphql(path: str, operation: str, wording: str, variables: Mapping[str, str], token: str | None = None) -> bytes:
    body = json.dumps({"query": OPERATIONS[operation][wording], "variables": variables}).encode()
    return post(path, body, [("Authorization", f"Bearer {token}")] if token else [])


def _votes(contender: str, keys: RequestKeys, part: int, parts: int) -> Iterator[Asked]:
    contest, share = contest_of(contender, keys), VOTERS // parts
    for number in range(part * share, (part + 1) * share):
        vote = {"person": keys.people[number], "paper": ("1 FOR", "1 AGAINST", "1 ABSTAIN")[number % 3]}
        if contender == "bare":
            body = {"trust": keys.trust, "contest": contest, **vote}
            request = post("/cast_vote", json.dumps(body).encode())
        elif contender == "folkmoot":
            variables = {"contestId": f"cts_{contest}", "paper": vote["paper"]}
            request = _graphql(f"/{TRUST}/graphql", "cast_vote", "folkmoot", variables, voter_token(number))
        elif contender == "postgraphile":
            variables = {"contest": contest, "trust": keys.trust, **vote}
            request = _graphql("/graphql", "cast_vote", "postgraphile", variables)
        else:
            request = _graphql("/graphql", "cast_vote", "standard", {"contest": contest, **vote})
        yield request, RECEIPT.get(contender, b'"receipt":"')


def takes_part(operation: str, contender: str) -> bool:
    return operation not in OURS or contender in ("folkmoot", "bare")
