"""What people were told."""

from datetime import datetime

import strawberry

from db.notifications.tables import NoticeRow
from domain.notifications.notice import NoticeChannel, NoticeKind
from planner import Node, column, one, planned

from ..access import P2, REGISTER_OFFICERS, holders_or_own
from ..membership.types import Member
from ..references import AnyPerson

OF_NOTICES = holders_or_own(REGISTER_OFFICERS, "{row}.person_id = {viewer.person_id}")


@planned(NoticeRow, row_policy=OF_NOTICES, prefix="not", field_policies={P2: OF_NOTICES}, sensitivity=P2)
@strawberry.type(description="What somebody was told, how, and whether it left and came back.")
class Notice(Node):
    id: strawberry.ID = column(NoticeRow.id, description="Opaque id.")
    kind: NoticeKind = column(NoticeRow.kind, description="What it is about.")
    channel: NoticeChannel = column(NoticeRow.channel, description="How it goes.")
    person: AnyPerson | None = one(NoticeRow.person_id, description="Who is told.")
    member: Member | None = one(NoticeRow.membership_id, description="The membership it is about.")
    language: str = column(NoticeRow.language, description="The language it is in.")
    subject: str = column(NoticeRow.subject, description="The subject.")
    body: str | None = column(NoticeRow.body, description="The text, until it is forgotten.")
    queued_at: datetime = column(NoticeRow.queued_at, description="When it was written.")
    dispatched_at: datetime | None = column(
        NoticeRow.dispatched_at, description="When it left: a letter, with the batch that was made then for printing."
    )
    withdrawn_at: datetime | None = column(
        NoticeRow.withdrawn_at, description="When it was withdrawn: a letter that was no longer true before it left."
    )
    bounced_at: datetime | None = column(NoticeRow.bounced_at, description="When it came back.")
    bounce: str | None = column(NoticeRow.bounce, description="Why it came back.")
