"""What tells one request from another, and what must not be told of it."""

from uuid import UUID

from actions.polls.casting import CastVote
from schema.inputs import request_fingerprint

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
