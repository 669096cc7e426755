"""The trust, its schools and its published figures."""

from datetime import date

import strawberry

from db.trusts.reads import CURRENT_RULESET, ELIGIBLE_SHARES, MEMBER_COUNTS, MONTHLY_COUNTS, SCHOOL_COUNTS
from db.trusts.tables import AffiliationRow, SchoolLinkRow, SchoolRow, TrustRow
from domain.identity.viewer import Scope
from domain.trusts.figures import MemberChange
from domain.trusts.schools import AffiliationKind, LegalForm, LinkKind, SchoolPhase
from planner import Connection, Filter, Node, Order, column, connection, everybody, expression, many, one, planned

from ..access import BOARD, P0, P1, PUBLIC, REGISTER_KEEPERS, holders_of, scoped
from ..membership.lists import MEMBERS
from ..references import AnyConstituency, AnyMember, AnyOverdueRecords, AnyRuleset
from ..vocabulary import EmailAddress
from .lists import MONTHS


@planned(AffiliationRow, row_policy=everybody, field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="How, and for how long, a school belongs to the trust.")
class Affiliation:
    kind: AffiliationKind = column(AffiliationRow.kind, description="The way it belongs.")
    cohort: str | None = column(AffiliationRow.cohort, description="The wave of schools it joined with.")
    since: date | None = column(AffiliationRow.since, description="The first day, where a source tells it.")
    until: date | None = column(AffiliationRow.until, description="The first day it no longer belonged.")
    note: str | None = column(AffiliationRow.note, description="What the sources leave open.")


@planned(SchoolLinkRow, row_policy=everybody, field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="An establishment a school took over from or was followed by.")
class SchoolLink:
    kind: LinkKind = column(SchoolLinkRow.kind, description="What the other one is to the school.")
    urn: int = column(SchoolLinkRow.linked_urn, description="The other one's unique reference number.")
    name: str = column(SchoolLinkRow.linked_name, description="The other one's name.")
    established_on: date | None = column(SchoolLinkRow.established_on, description="The day of the change.")


@planned(SchoolRow, row_policy=scoped(Scope.SCHOOLS_READ), prefix="sch", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="A school that belongs to the trust or works with it.")
class School(Node):
    id: strawberry.ID = column(SchoolRow.id, description="Opaque id.")
    urn: int = column(SchoolRow.urn, description="Unique reference number in Get Information About Schools.")
    name: str = column(SchoolRow.name, description="The name.")
    phase: SchoolPhase = column(SchoolRow.phase, description="The phase of education.")
    establishment_type: str | None = column(SchoolRow.establishment_type, description="Type of establishment.")
    religious_character: str | None = column(SchoolRow.religious_character, description="Religious character.")
    diocese: str | None = column(SchoolRow.diocese, description="Diocese.")
    local_authority: str = column(SchoolRow.local_authority, description="Local authority.")
    lowest_age: int | None = column(SchoolRow.lowest_age, description="Lowest statutory age, in years.")
    highest_age: int | None = column(SchoolRow.highest_age, description="Highest statutory age, in years.")
    pupils: int | None = column(SchoolRow.pupils, description="Headcount of the January 2025 census.")
    town: str | None = column(SchoolRow.town, description="Town.")
    postcode: str | None = column(SchoolRow.postcode, description="Postcode.")
    website: str | None = column(SchoolRow.website, description="Website, as of the source.")
    opened_on: date | None = column(SchoolRow.opened_on, description="The day it opened as this establishment.")
    establishment_status: str | None = column(
        SchoolRow.establishment_status, description="The status in Get Information About Schools, where it was read."
    )
    closed_on: date | None = column(SchoolRow.closed_on, description="The day it closed as this establishment.")
    source: str = column(SchoolRow.source, description="Where these facts come from.")
    affiliations: list[Affiliation] = many(
        AffiliationRow.school_id,
        order=[Order("kind"), Order("until")],
        description="How it belongs to the trust, and belonged before; what ends on its first day was withdrawn.",
    )
    links: list[SchoolLink] = many(
        SchoolLinkRow.school_id, order=[Order("kind"), Order("linked_urn")], description="Predecessors and successors."
    )
    members: Connection[AnyMember] = connection(
        "{other}.school_id = {row}.id",
        description="Members through this school; officers see all, a member themself.",
        **MEMBERS,
    )


FIGURES = 500  # objects that a set of figures is reckoned at: it goes through every membership, 20 to 50 ms for 50,000


@planned(MEMBER_COUNTS, row_policy=scoped(Scope.AGGREGATES_READ), field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="How many members a constituency has; small groups are not published.")
class MemberCount:
    constituency: AnyConstituency = one("{row}.id", description="The constituency.")
    members: int | None = expression("{row}.members", description="Members today; null where the group is too small.")


@planned(SCHOOL_COUNTS, row_policy=scoped(Scope.AGGREGATES_READ), field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="How many members there are through a school; small groups are not published.")
class SchoolMemberCount:
    school: School | None = one("{row}.id", description="The school.")
    members: int | None = expression("{row}.members", description="Members today; null where the group is too small.")


@planned(MONTHLY_COUNTS, row_policy=scoped(Scope.AGGREGATES_READ), field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="How many people joined, or left, a constituency in a month.")
class MonthlyCount:
    month: date = expression("{row}.month", nullable=False, description="The first day of the month.")
    kind: MemberChange = expression("{row}.kind", nullable=False, description="Whether they joined or left.")
    constituency: AnyConstituency = one("{row}.constituency_id", description="The constituency.")
    members: int | None = expression("{row}.members", description="How many; null where the group is too small.")


@planned(
    ELIGIBLE_SHARES, row_policy=holders_of(*BOARD, *REGISTER_KEEPERS), field_policies={P1: everybody}, sensitivity=P1
)
@strawberry.type(description="How many of the people on record who could be members of a constituency are.")
class EligibleShare:
    constituency: AnyConstituency = one("{row}.id", description="The constituency.")
    eligible: int | None = expression("{row}.eligible", description="People eligible; null where too few.")
    members: int | None = expression("{row}.members", description="Members among them; null where too few.")


@planned(TrustRow, row_policy=everybody, tenant="id", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="How a trust is reached; null is what it has not told.")
class TrustContact:
    email: EmailAddress | None = column(TrustRow.contact_email, description="Its mailbox.")
    telephone: str | None = column(TrustRow.telephone, description="Its telephone number.")
    address: str | None = column(TrustRow.address, description="Where letters go.")
    website: str | None = column(TrustRow.website, description="Its pages on the web.")


@planned(TrustRow, row_policy=everybody, prefix="tru", tenant="id", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="A learning trust: the one this address serves.")
class Trust(Node):
    id: strawberry.ID = column(TrustRow.id, description="Opaque id.")
    slug: str = column(TrustRow.slug, description="The trust's part of this address.")
    name: str = column(TrustRow.name, description="The name.")
    legal_form: LegalForm = column(TrustRow.legal_form, description="The legal form.")
    area: str = column(TrustRow.area, description="The area it serves.")
    vision: str = column(TrustRow.vision, description="What it is for.")
    values: list[str] = column(TrustRow.values, description="The values it declares.")
    aims: list[str] = column(TrustRow.aims, description="What it works towards.")
    local_authorities: list[str] = column(TrustRow.local_authorities, description="Local authorities of its schools.")
    companies_house_number: str | None = column(TrustRow.companies_house_number, description="Companies House number.")
    ukprn: str | None = column(TrustRow.ukprn, description="UK provider reference number.")
    contact: TrustContact = one(TrustRow.id, description="How it is reached.")
    articles_url: str | None = column(TrustRow.articles_url, description="Where its articles can be read, if known.")
    privacy_notice: str | None = column(
        TrustRow.privacy_notice,
        weight=2,
        description="What becomes of people's data, in the trust's own words, if told.",
    )
    languages: list[str] | None = column(
        TrustRow.languages, description="The languages it works in, as en or pl (BCP 47), if told."
    )
    logo_url: str | None = column(TrustRow.logo_url, description="Where its logo is, if it has one.")
    ruleset: AnyRuleset | None = one(CURRENT_RULESET, description="The rules in force today.")
    rulesets: list[AnyRuleset] = many(
        "{other}.trust_id = {row}.id", order=[Order("version")], description="Every version of the rules."
    )
    constituencies: list[AnyConstituency] = many(
        "{other}.trust_id = {row}.id", order=[Order("position")], description="The classes of members."
    )
    member_counts: list[MemberCount] | None = many(
        "{other}.trust_id = {row}.id",
        order=[Order("position")],
        weight=FIGURES,
        description="Members by constituency.",
    )
    school_member_counts: list[SchoolMemberCount] | None = many(
        "{other}.trust_id = {row}.id",
        order=[Order("name"), Order("id")],
        weight=FIGURES,
        description="Members by school.",
    )
    monthly_counts: Connection[MonthlyCount] = connection(
        "{other}.trust_id = {row}.id",
        arguments={
            "month": (
                date,
                Filter("{row}.month = date_trunc('month', {value}::timestamp)::date", "date"),
                "Only this month.",
            )
        },
        weight=6 * FIGURES,
        description="Joiners and leavers of the last two years, by month and constituency.",
        **MONTHS,
    )
    overdue_records: list[AnyOverdueRecords] | None = many(
        "{other}.trust_id = {row}.id", order=[Order("kind")], description="What is kept longer than the rules say."
    )
    eligible_shares: list[EligibleShare] | None = many(
        "{other}.trust_id = {row}.id",
        order=[Order("position")],
        weight=10 * FIGURES,
        description="How many of the eligible are members; for the board and its officers.",
    )
