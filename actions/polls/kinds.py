"""The kinds of contests that are built: how a draft of each is stored, and how its papers are counted."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from counting import ResolutionCount, count_resolution
from db.polls import contests
from db.transactions import Transaction
from domain.forms import Many, Text
from domain.governance.resolutions import ResolutionKind
from domain.governance.rulesets import Ruleset
from domain.polls.contest import Contest, ContestKind
from domain.polls.papers import choices
from domain.refusals import Invalid, RefusalCode
from domain.text import MAX_TEXT_LENGTH, MAX_TITLE_LENGTH


@dataclass(frozen=True, slots=True)
class DraftContest:
    """What is to be decided in a poll."""

    title: Annotated[str, Text(MAX_TITLE_LENGTH), "What it is about."]
    resolution: Annotated[str, Text(MAX_TEXT_LENGTH), "The words that are voted on."]
    constituencies: Annotated[Sequence[str], Many(1, 100), "The codes of the constituencies that vote."]
    kind: Annotated[ContestKind, "What is decided."] = ContestKind.RESOLUTION
    resolution_kind: Annotated[ResolutionKind, "What majority it needs; it is published with the notice."] = (
        ResolutionKind.ORDINARY
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """What is done with its contests: `add` stores a draft at its place in a poll, from 1; `count` takes the papers, the
    rules and how many were entitled."""

    add: Callable[[Transaction, UUID, int, DraftContest], Awaitable[UUID]]
    count: Callable[[Contest, Sequence[str], Ruleset, int], ResolutionCount]


def kind_of(kind: ContestKind) -> Kind:
    """Refusals: CONTEST_NOT_AVAILABLE."""
    if kind not in KINDS:
        raise Invalid(RefusalCode.CONTEST_NOT_AVAILABLE, field="kind")
    return KINDS[kind]


async def _add_resolution(transaction: Transaction, poll_id: UUID, place: int, draft: DraftContest) -> UUID:
    return await contests.add_resolution(
        transaction, poll_id, place, draft.title, draft.resolution, draft.resolution_kind
    )


def _count_resolution(contest: Contest, papers: Sequence[str], ruleset: Ruleset, entitled: int) -> ResolutionCount:
    majority = ruleset.majorities[contest.resolution_kind]
    return count_resolution(choices(papers), majority, ruleset.quorum, entitled, contest.title)


# one that is not here can neither be drafted nor counted, whatever else knows it already
KINDS: Mapping[ContestKind, Kind] = {ContestKind.RESOLUTION: Kind(_add_resolution, _count_resolution)}
