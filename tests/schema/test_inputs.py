"""What tells one request from another, and what must not be told of it."""

from uuid import UUID

from actions.polls.casting import CastVote
from counting import Choice
from schema.inputs import request_fingerprint

POLL = UUID(int=1)
OF_THE_FIRST_VERSION = "cast_vote 252d50b4b125a00f91cdd3ea9cf40d88cf2c5c3e7bf3f13047c5f95b9a407c1f"


def test_a_vote_leaves_no_trace_in_the_fingerprint_of_its_request() -> None:
    """Rule 12: not even a hash, of which there would be three."""
    assert len({request_fingerprint("cast_vote", CastVote(POLL, choice)) for choice in Choice}) == 1
    assert request_fingerprint("cast_vote", CastVote(UUID(int=2), Choice.FOR)) != request_fingerprint(
        "cast_vote", CastVote(POLL, Choice.FOR)
    )


def test_what_is_left_out_does_not_count() -> None:
    """So that keys in use stay good when a command learns to take more."""
    assert request_fingerprint("cast_vote", CastVote(POLL, Choice.FOR)) == OF_THE_FIRST_VERSION
