"""Memberships, eligibility and removals."""

from datetime import date, datetime

import strawberry

from db.membership.reads import (
    ELIGIBILITY_OF_VIEWER,
    HOLDER_LOOKS_THE_SAME,
    KNOWN_MEMBERSHIP,
    OF_OWN_MEMBERSHIP,
    OWN_MEMBERSHIP,
    REASONS,
    SEEN_FIRST,
)
from db.membership.tables import FailedDutyRow, MembershipRow, MembershipTransitionRow, RemovalRow
from domain.membership.duties import Duty
from domain.membership.eligibility import EligibilityReason
from domain.membership.lifecycle import MembershipStatus
from domain.membership.removal import RemovalStage
from planner import Node, Order, column, everybody, expression, many, one, planned

from ..access import P0, P1, P2, PUBLIC, REGISTER_KEEPERS, REGISTER_OFFICERS, asked_by, holders_of, holders_or_own
from ..governance.types import Constituency
from ..references import AnyMember, AnyOrganisation, AnyPerson, AnyRegisterLine, AnyRemoval
from ..trusts.types import School

OF_MEMBERSHIPS = holders_or_own(REGISTER_KEEPERS, KNOWN_MEMBERSHIP)
OF_ADDRESSES = holders_or_own(REGISTER_KEEPERS, OWN_MEMBERSHIP)
OF_DUTIES = holders_of(*REGISTER_OFFICERS)
ABOUT_MEMBERSHIPS = holders_or_own(REGISTER_KEEPERS, OF_OWN_MEMBERSHIP)


@planned(
    MembershipTransitionRow,
    row_policy=holders_of(*REGISTER_KEEPERS),
    field_policies={P2: holders_of(*REGISTER_KEEPERS)},
    sensitivity=P2,
)
@strawberry.type(description="A step in the life of a membership: what, by whom, when and why.")
class MembershipTransition:
    status: MembershipStatus = column(MembershipTransitionRow.status, description="The status it led to.")
    at: datetime = column(MembershipTransitionRow.at, description="When it was entered.")
    reason: str | None = column(MembershipTransitionRow.reason, description="The reason or minute given.")
    actor: AnyPerson | None = one(MembershipTransitionRow.actor_id, description="Who did it; null where the clock did.")
    ruleset_version: int = column(MembershipTransitionRow.ruleset_version, description="The rules it was judged by.")


@planned(
    MembershipRow,
    row_policy=OF_MEMBERSHIPS,
    prefix="mem",
    field_policies={P1: OF_MEMBERSHIPS, P2: OF_ADDRESSES},
    sensitivity=P1,
)
@strawberry.type(description="A membership: an application, and the entry on the register once it is admitted.")
class Member(Node):
    id: strawberry.ID = column(MembershipRow.id, description="Opaque id.")
    number: int | None = column(MembershipRow.number, description="The number on the register, never used again.")
    name: str = column(MembershipRow.name, description="The member's name, as it is on the register.")
    status: MembershipStatus = column(MembershipRow.status, description="Where the membership stands.")
    person: AnyPerson | None = one(MembershipRow.person_id, description="The member, where it is a person.")
    organisation: AnyOrganisation | None = one(
        MembershipRow.organisation_id, description="The member, where it is an organisation."
    )
    constituency: Constituency | None = one(MembershipRow.constituency_id, description="The class of membership.")
    school: School | None = one(MembershipRow.school_id, description="The school through which they belong.")
    service_address: str | None = column(
        MembershipRow.service_address, description="The address on the register.", sensitivity=P2
    )
    applied_at: datetime = column(MembershipRow.applied_at, description="When they applied; of a draft, began to.")
    registered_on: date | None = column(MembershipRow.registered_on, description="The day they were registered.")
    ceased_on: date | None = column(MembershipRow.ceased_on, description="The day they ceased to be a member.")
    eligible_until: date | None = column(
        MembershipRow.lapses_on,
        description="While it is lapsing, also suspended: the day it ceases unless something is done.",
    )
    converted_from: AnyMember | None = one(
        MembershipRow.converted_from_id, description="The membership it took over from."
    )
    ruleset_version: int = column(
        MembershipRow.ruleset_version, description="The rules they applied under; of a draft, those it was begun under."
    )
    history: list[MembershipTransition] | None = many(
        MembershipTransitionRow.membership_id, order=[Order("at"), Order("id")], description="Every step so far."
    )
    register_lines: list[AnyRegisterLine] = many(
        "{other}.membership_id = {row}.id", order=[Order("line")], description="What the register said, line by line."
    )
    looks_the_same: list[AnyPerson] = many(
        f"{asked_by(*REGISTER_OFFICERS)} and {HOLDER_LOOKS_THE_SAME}",
        order=[Order("id")],
        description="Who on record bears the name and birth date of whoever applies or is a member, and was not told apart"
        " from them by an officer; for officers.",
    )
    removals: list[AnyRemoval] = many(
        "{other}.membership_id = {row}.id", order=[Order("id")], description="Proposals to remove the member."
    )
    earlier_removals: list[AnyRemoval] = many(
        SEEN_FIRST,
        order=[Order("id")],
        description="Removals from the holder's other memberships that are open, were carried out, or were escaped by"
        " leaving: to be seen before an application is decided.",
    )


@planned(RemovalRow, row_policy=ABOUT_MEMBERSHIPS, prefix="rem", field_policies={P2: ABOUT_MEMBERSHIPS}, sensitivity=P2)
@strawberry.type(description="The removal of a member, from the proposal to what came of it.")
class Removal(Node):
    id: strawberry.ID = column(RemovalRow.id, description="Opaque id.")
    member: Member | None = one(RemovalRow.membership_id, description="The membership.")
    stage: RemovalStage = column(RemovalRow.stage, description="How far it has come.")
    ground: str = column(RemovalRow.ground, description="The ground given.")
    proposed_by: AnyPerson | None = one(RemovalRow.proposed_by_id, description="Who proposed it.")
    proposed_on: date = column(RemovalRow.proposed_on, description="The day of the notice.")
    notice_until: date = column(RemovalRow.notice_until, description="The first day on which it may be decided.")
    case_stated: str | None = column(RemovalRow.case_stated, description="The member's side.")
    deciding_body: str | None = column(RemovalRow.deciding_body, description="Who decided.")
    minute: str | None = column(RemovalRow.minute, description="Where the decision stands.")
    votes_for: int | None = column(RemovalRow.votes_for, description="Votes for the removal.")
    votes_against: int | None = column(RemovalRow.votes_against, description="Votes against it.")
    decided_on: date | None = column(RemovalRow.decided_on, description="The day of the decision.")
    appeal_until: date | None = column(RemovalRow.appeal_until, description="The first day without an appeal.")
    appeal_ground: str | None = column(RemovalRow.appeal_ground, description="Why the member appeals.")
    appeal_body: str | None = column(RemovalRow.appeal_body, description="Who decided on the appeal.")
    appeal_decided_on: date | None = column(RemovalRow.appeal_decided_on, description="The day of that decision.")


@planned(FailedDutyRow, row_policy=OF_DUTIES, prefix="due", field_policies={P2: OF_DUTIES}, sensitivity=P2)
@strawberry.type(
    description="A duty of the day that failed, and is tried again the next day until it is done: about a member or a person,"
    " or as a whole where neither is named."
)
class FailedDuty(Node):
    id: strawberry.ID = column(FailedDutyRow.id, description="Opaque id.")
    duty: Duty = column(FailedDutyRow.duty, description="Which duty.")
    member: Member | None = one(FailedDutyRow.membership_id, description="Whose membership or application it is about.")
    person: AnyPerson | None = one(FailedDutyRow.person_id, description="The person it is about.")
    since: datetime = column(FailedDutyRow.since, description="When it failed first.")
    tried_at: datetime = column(FailedDutyRow.tried_at, description="When it was tried last.")
    code: str = column(FailedDutyRow.code, description="What went wrong, as the worker's log says it.")


@planned(ELIGIBILITY_OF_VIEWER, row_policy=everybody, field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="Whether the caller could be a member in a constituency today, and why or why not.")
class Eligibility:
    constituency: Constituency | None = one("{row}.constituency_id", description="The constituency.")
    eligible: bool = expression("{row}.obstacles = '{}'", nullable=False, description="Whether they may join.")
    reasons: list[EligibilityReason] = expression(REASONS, nullable=False, description="Why, or why not.")
