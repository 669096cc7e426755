"""Polls, their contests, rolls and what was handed in.

Three stores with no shared key: who has voted (`credential`), which receipts were given (`ballot_receipt`) and what
the papers say (`ballot_paper`). What comes in waits in `ballot_inbox` until it is moved in shuffled batches.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Index, Integer, Text, UniqueConstraint

from counting import CountingMethod
from domain.conditions import Condition
from domain.governance.resolutions import ResolutionKind
from domain.polls.contest import ContestKind
from domain.polls.poll import IS_DECLARED, IS_OVER, STORED_STATUSES, Secrecy

from ..access import APPEND_ONLY, READ_WRITE, WITH_DELETE, Access
from ..columns import JSON, Row, belongs_to_trust, column, identifier, key, moment, one_of, points_to, reference, tenant
from ..personal import NoPerson, Personal, Stays, ToldOnce
from .reads import in_contest

_FROZEN = "A roll that is frozen, and what was cast by it, is not changed (rule 8a)."
_VOTED = "That somebody was on a roll and voted stays; it points at nobody named."


def _told_once(condition: Condition, words: str) -> ToldOnce:
    """Once the condition holds of the poll in whose contest a row is."""
    return ToldOnce(in_contest(condition).replace("{trust}", "$1").replace("{row}", "t"), words)


# a resolution has its words, its kind and its method, an election its seats and any other method
_COLUMNS_OF_A_KIND = (
    f"(kind = '{ContestKind.RESOLUTION}') = (method = '{CountingMethod.RESOLUTION}')"
    f" and (kind = '{ContestKind.RESOLUTION}') = (resolution is not null)"
    f" and (kind = '{ContestKind.RESOLUTION}') = (resolution_kind is not null)"
    f" and (kind = '{ContestKind.ELECTION}') = (seats is not null)"
)


class PollRow(Row, table=True):
    """What is noticed, frozen, opened, closed, counted and declared as a whole."""

    __tablename__ = "poll"
    __access__ = Access(app=READ_WRITE, worker="select (trust_id, id, closes_at)")
    __personal__ = NoPerson("Published, with its dates and stage.")
    __table_args__ = (
        key(),
        belongs_to_trust(),
        one_of("secrecy", Secrecy),
        one_of("status", STORED_STATUSES),
        CheckConstraint("opens_at < closes_at", name="dates"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    title: str = column(Text)
    secrecy: str = column(Text)
    status: str = column(Text)  # OPEN and CLOSED are never stored: the clock tells
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    ruleset_version: int = column(Integer)
    notice_given_at: datetime | None = moment(null=True)
    qualifying_at: datetime | None = moment(null=True)
    declared_at: datetime | None = moment(null=True)


class ContestRow(Row, table=True):
    """What is decided in a poll; who decides it is in `contest_constituency`. `count` is the pack to declare, once counted."""

    __tablename__ = "contest"
    __access__ = Access(app=WITH_DELETE, worker="select (trust_id, id, poll_id)")
    __personal__ = NoPerson("Published, with totals of its count.")
    __table_args__ = (
        key(),
        UniqueConstraint("trust_id", "poll_id", "place"),
        points_to("poll", "poll_id"),
        one_of("kind", ContestKind),
        one_of("method", CountingMethod),
        one_of("resolution_kind", ResolutionKind),
        CheckConstraint(_COLUMNS_OF_A_KIND, name="columns_of_kind"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    poll_id: UUID = reference()
    place: int = column(Integer)  # in the poll, from 1
    title: str = column(Text)
    kind: str = column(Text)
    method: str = column(Text)
    resolution: str | None = column(Text, null=True)
    resolution_kind: str | None = column(Text, null=True)
    seats: int | None = column(Integer, null=True)
    roll_hash: str | None = column(Text, null=True)
    roll_salt: str | None = column(Text, null=True)
    roll_count: int | None = column(Integer, null=True)
    count: dict[str, Any] | None = column(JSON, null=True)


class ContestConstituencyRow(Row, table=True):
    __tablename__ = "contest_constituency"
    __access__ = Access(app=WITH_DELETE)
    __personal__ = NoPerson("How many are on a roll.")
    __table_args__ = (
        key("contest_id", "constituency_id"),
        points_to("contest", "contest_id"),
        points_to("constituency", "constituency_id"),
    )
    trust_id: UUID = tenant()
    contest_id: UUID = reference()
    constituency_id: UUID = reference()
    roll_count: int | None = column(Integer, null=True)


class RollEntryRow(Row, table=True):
    """One voter: a person, or an organisation whose representative votes. Never changed once the roll is frozen."""

    __tablename__ = "roll_entry"
    __access__ = Access(app=APPEND_ONLY)
    __personal__ = Personal(
        {"voter_id": Stays(_VOTED)},
        columns=("member_number", "constituency_id"),
        why="Who could vote, settled beforehand (rule 8a).",
        unmoved=_FROZEN,
    )
    __table_args__ = (
        key("contest_id", "voter_id"),
        points_to("contest", "contest_id"),
        points_to("membership", "membership_id"),
        points_to("constituency", "constituency_id"),
        Index(None, "trust_id", "voter_id"),
    )
    trust_id: UUID = tenant()
    contest_id: UUID = reference()
    voter_id: UUID = reference()
    membership_id: UUID = reference()
    constituency_id: UUID = reference()
    member_number: int = column(Integer)


class CredentialRow(Row, table=True):
    """What casting spends: one for each entry of a roll. `spent_on` is a day: nothing finer is kept."""

    __tablename__ = "credential"
    __access__ = Access(app=READ_WRITE)
    __personal__ = Personal(
        {"voter_id": Stays(_VOTED)},
        columns=("spent_on",),
        why="That nobody voted twice (rule 3b); never how.",
        # who has not voted yet is nobody's to know while somebody may still be pressed to
        told=_told_once(IS_OVER, "once the poll has closed"),
        unmoved=_FROZEN,
    )
    __table_args__ = (
        key(),
        UniqueConstraint("trust_id", "contest_id", "voter_id"),
        ForeignKeyConstraint(
            ["trust_id", "contest_id", "voter_id"],
            ["roll_entry.trust_id", "roll_entry.contest_id", "roll_entry.voter_id"],
        ),
        {"postgresql_with": {"fillfactor": "70"}},  # spending one then stays on its page and touches no index
    )
    trust_id: UUID = tenant()
    id: UUID = identifier(ordered=False)
    contest_id: UUID = reference()
    voter_id: UUID = reference()
    spent_on: date | None = column(Date, null=True)


class RecordedVoteRow(Row, table=True):
    """A vote in a division: name and paper, published to those entitled once the result is declared. The name is that by
    which it was cast, whatever becomes of the member."""

    __tablename__ = "recorded_vote"
    __access__ = Access(app=APPEND_ONLY)
    __personal__ = Personal(
        {"voter_id": Stays("A division is by name: name and vote stay.")},
        columns=("voter_name", "paper"),
        why="The evidence of the result of a division, which is by name (rule 15g).",
        told=_told_once(IS_DECLARED, "once the result is declared"),
        unmoved=_FROZEN,
    )
    __table_args__ = (
        key(),
        UniqueConstraint("trust_id", "contest_id", "voter_id"),
        points_to("contest", "contest_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier(ordered=False)
    contest_id: UUID = reference()
    voter_id: UUID = reference()
    voter_name: str = column(Text)
    paper: str = column(Text)


class BallotStore(StrEnum):
    """Where something that waits in the inbox belongs."""

    PAPER = "PAPER"
    RECEIPT = "RECEIPT"


class BallotInboxRow(Row, table=True):
    """Papers and receipts waiting to be sealed. Emptied by TRUNCATE, so that nothing of their order stays."""

    __tablename__ = "ballot_inbox"
    __access__ = Access(app="insert, select (trust_id, contest_id)", worker="select, insert, truncate")
    __personal__ = NoPerson("Secret: nothing in it leads to a voter (docs/secrecy.md).")
    __table_args__ = (
        key("contest_id", "id"),  # no foreign key: its check would lock the trust's row once a vote
        one_of("store", BallotStore),
    )
    trust_id: UUID = tenant()
    contest_id: UUID = reference()
    id: UUID = identifier(ordered=False)
    store: str = column(Text)
    content: str = column(Text)


class BallotPaperRow(Row, table=True):
    __tablename__ = "ballot_paper"
    __access__ = Access(app="select", worker="insert")
    __personal__ = NoPerson("Secret: nothing in it leads to a voter (docs/secrecy.md).")
    __table_args__ = (key("contest_id", "id"), points_to("contest", "contest_id"))
    trust_id: UUID = tenant()
    contest_id: UUID = reference()
    id: UUID = identifier(ordered=False)
    content: str = column(Text)


class BallotReceiptRow(Row, table=True):
    __tablename__ = "ballot_receipt"
    __access__ = Access(app="select", worker="insert")
    __personal__ = NoPerson("Secret: nothing in it leads to a voter (docs/secrecy.md).")
    __table_args__ = (key("contest_id", "code"), points_to("contest", "contest_id"))
    trust_id: UUID = tenant()
    contest_id: UUID = reference()
    code: str = column(Text)


class DeclarationRow(Row, table=True):
    """The published result with its evidence; kept for ever, never changed."""

    __tablename__ = "declaration"
    __access__ = Access(app=APPEND_ONLY)
    __personal__ = Personal(
        {"returning_officer_id": Stays("Who declared a result answers for it.")},
        columns=("declared_at",),
        why="The result and who declared it (rule 16a).",
        hidden=("pack",),  # the published result, which is about nobody
        unmoved="Who declared it, by the record they acted under.",
    )
    __table_args__ = (key("contest_id"), points_to("contest", "contest_id"), UniqueConstraint("trust_id", "id"))
    trust_id: UUID = tenant()
    id: UUID = identifier()
    contest_id: UUID = reference()
    declared_at: datetime = moment(default="app_now()")
    returning_officer_id: UUID = reference()
    pack: dict[str, Any] = column(JSON)
