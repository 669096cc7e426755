"""What tells one request from another, and what must not be told of it."""

from dataclasses import is_dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from strawberry.utils.str_converters import to_camel_case

from actions.polls.casting import CastVote
from domain.refusals import Refusal, RefusalCode
from schema.inputs import kinds_of, read, request_fingerprint
from schema.mutation import Mutation
from schema.mutation_fields import DECLARED

CONTEST = UUID(int=1)
OF_THE_FIRST_VERSION = "cast_vote 38dbbfe0f2442d9b7633371d48fcb64fff4eb2990d059983d47d7107762f179a"


def test_a_vote_leaves_no_trace_in_the_fingerprint_of_its_request() -> None:
    """Rule 12: not even a hash, of which there would be three."""
    assert len({request_fingerprint("cast_vote", CastVote(CONTEST, paper)) for paper in ("1 FOR", "1 AGAINST")}) == 1
    assert request_fingerprint("cast_vote", CastVote(UUID(int=2), "1 FOR")) != request_fingerprint(
        "cast_vote", CastVote(CONTEST, "1 FOR")
    )


def test_what_is_left_out_does_not_count() -> None:
    """So that keys in use stay good when a command learns to take more."""
    assert request_fingerprint("cast_vote", CastVote(CONTEST, "1 FOR")) == OF_THE_FIRST_VERSION


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(2201, 1, 1), date.max])
def test_no_command_takes_a_day_beyond_the_centuries_of_a_trust(day: date) -> None:
    """The first and the last are "for ever" to the database."""
    found = []
    for command, name, is_moment in _fields_with_days():
        sent = datetime.combine(day, time(12), UTC) if is_moment else day
        with pytest.raises(Refusal) as refusal:
            read(command, {to_camel_case(name): sent})
        found.append((refusal.value.code, refusal.value.field == name, refusal.value.others))

    assert len(found) > 15
    assert set(found) == {(RefusalCode.INPUT_INVALID, True, ())}


def _fields_with_days() -> set[tuple[Any, str, bool]]:
    """Of commands and of what they consist of: the field, and whether it is a moment."""
    waiting = [field.metadata[DECLARED].command for field in Mutation.__strawberry_definition__.fields]  # type: ignore[attr-defined]
    found = set()
    while waiting:
        command = waiting.pop()
        for name, kind in kinds_of(command).items() if command else ():
            inner = kind.of_each or kind
            if inner.python in (date, datetime):
                found.add((command, name, inner.python is datetime))
            elif is_dataclass(inner.python):
                waiting.append(inner.python)
    return found
