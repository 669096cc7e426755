"""Polls, rolls and what was handed in.

Three stores with no shared key: who has voted (`roll_entry`), which receipts were given (`ballot_receipt`) and what
the papers say (`ballot_paper`). What comes in waits in `ballot_inbox` until it is moved in shuffled batches.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text, UniqueConstraint

from counting import Choice
from domain.governance.resolutions import ResolutionKind
from domain.polls.poll import STORED_STATUSES, Secrecy

from ..access import APPEND_ONLY, READ_WRITE, Access
from ..columns import JSON, Row, belongs_to_trust, column, identifier, key, moment, one_of, points_to, reference, tenant


class PollRow(Row, table=True):
    __tablename__ = "poll"
    __access__ = Access(app=READ_WRITE, worker="select (trust_id, id, closes_at)")
    __table_args__ = (
        key(),
        belongs_to_trust(),
        one_of("secrecy", Secrecy),
        one_of("kind", ResolutionKind),
        one_of("status", STORED_STATUSES),
        CheckConstraint("opens_at < closes_at", name="dates"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    title: str = column(Text)
    resolution: str = column(Text)
    kind: str = column(Text)
    secrecy: str = column(Text)
    status: str = column(Text)  # OPEN and CLOSED are never stored: the clock tells
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    ruleset_version: int = column(Integer)
    notice_given_at: datetime | None = moment(null=True)
    qualifying_at: datetime | None = moment(null=True)
    roll_hash: str | None = column(Text, null=True)
    roll_count: int | None = column(Integer, null=True)
    count: dict[str, Any] | None = column(JSON, null=True)
    declared_at: datetime | None = moment(null=True)


class PollConstituencyRow(Row, table=True):
    __tablename__ = "poll_constituency"
    __access__ = Access(app=READ_WRITE)
    __table_args__ = (
        key("poll_id", "constituency_id"),
        points_to("poll", "poll_id"),
        points_to("constituency", "constituency_id"),
    )
    trust_id: UUID = tenant()
    poll_id: UUID = reference()
    constituency_id: UUID = reference()
    roll_count: int | None = column(Integer, null=True)


class RollEntryRow(Row, table=True):
    """One voter: a person, or an organisation whose representative votes. `voted_on` is a day: nothing finer is kept."""

    __tablename__ = "roll_entry"
    __access__ = Access(app=READ_WRITE)
    __table_args__ = (
        key("poll_id", "voter_id"),
        points_to("poll", "poll_id"),
        points_to("membership", "membership_id"),
        points_to("constituency", "constituency_id"),
        Index(None, "trust_id", "voter_id"),
        {"postgresql_with": {"fillfactor": "70"}},  # marking a voter then stays on its page and touches no index
    )
    trust_id: UUID = tenant()
    poll_id: UUID = reference()
    voter_id: UUID = reference()
    membership_id: UUID = reference()
    constituency_id: UUID = reference()
    member_number: int = column(Integer)
    voted_on: date | None = column(Date, null=True)


class RecordedVoteRow(Row, table=True):
    """A vote in a division: name and choice, published to those entitled once the result is declared."""

    __tablename__ = "recorded_vote"
    __access__ = Access(app=APPEND_ONLY)
    __table_args__ = (
        key(),
        UniqueConstraint("trust_id", "poll_id", "voter_id"),
        points_to("poll", "poll_id"),
        one_of("choice", Choice),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier(ordered=False)
    poll_id: UUID = reference()
    voter_id: UUID = reference()
    choice: str = column(Text)


class BallotStore(StrEnum):
    """Where something that waits in the inbox belongs."""

    PAPER = "PAPER"
    RECEIPT = "RECEIPT"


class BallotInboxRow(Row, table=True):
    """Papers and receipts waiting to be sealed. Emptied by TRUNCATE, so that nothing of their order stays."""

    __tablename__ = "ballot_inbox"
    __access__ = Access(app="insert, select (trust_id, poll_id)", worker="select, insert, truncate")
    __table_args__ = (
        key("poll_id", "id"),  # no foreign key: its check would lock the trust's row once a vote
        one_of("store", BallotStore),
    )
    trust_id: UUID = tenant()
    poll_id: UUID = reference()
    id: UUID = identifier(ordered=False)
    store: str = column(Text)
    content: str = column(Text)


class BallotPaperRow(Row, table=True):
    __tablename__ = "ballot_paper"
    __access__ = Access(app="select", worker="insert")
    __table_args__ = (key("poll_id", "id"), points_to("poll", "poll_id"))
    trust_id: UUID = tenant()
    poll_id: UUID = reference()
    id: UUID = identifier(ordered=False)
    content: str = column(Text)


class BallotReceiptRow(Row, table=True):
    __tablename__ = "ballot_receipt"
    __access__ = Access(app="select", worker="insert")
    __table_args__ = (key("poll_id", "code"), points_to("poll", "poll_id"))
    trust_id: UUID = tenant()
    poll_id: UUID = reference()
    code: str = column(Text)


class DeclarationRow(Row, table=True):
    """The published result with its evidence; kept for ever, never changed."""

    __tablename__ = "declaration"
    __access__ = Access(app=APPEND_ONLY)
    __table_args__ = (key("poll_id"), points_to("poll", "poll_id"), UniqueConstraint("trust_id", "id"))
    trust_id: UUID = tenant()
    id: UUID = identifier()
    poll_id: UUID = reference()
    declared_at: datetime = moment(default="app_now()")
    returning_officer_id: UUID = reference()
    pack: dict[str, Any] = column(JSON)
