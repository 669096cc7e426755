"""Enums and scalars of the API, taken from the closed lists of the domain with their descriptions."""

from enum import Enum
from typing import Any, NewType, TypeVar

import strawberry

from counting import Choice, CountingMethod, CountRemark, Outcome, RejectionHeading, StageEvent
from domain.consultations.consultation import ConsultationKind, ConsultationStatus, QuestionKind
from domain.governance.qualification import RelationshipKind
from domain.governance.resolutions import ResolutionKind
from domain.governance.rulesets import RecordType
from domain.identity.viewer import Role, ViewerKind
from domain.intake.importing import ImportKind, ImportStatus, RowOutcome
from domain.membership.eligibility import EligibilityReason
from domain.membership.lifecycle import MembershipStatus
from domain.membership.removal import RemovalStage
from domain.notifications.notice import NoticeChannel, NoticeKind
from domain.people.guardians import ConsentSource
from domain.people.relationships import AgeBand, RelationshipSource
from domain.polls.poll import PollStatus, Secrecy
from domain.privacy.requests import DataRequestKind, DataRequestStatus
from domain.refusals import RefusalCode
from domain.register.inspections import InspectionDecision
from domain.register.lines import RegisterChange
from domain.trusts.schools import AffiliationKind, LegalForm, LinkKind, SchoolPhase

Listed = TypeVar("Listed", bound=type)


def described_enum(listed: Listed) -> Listed:
    """Makes a GraphQL enum of a domain list, every value with its description."""
    strawberry.enum(listed, description=" ".join((listed.__doc__ or "").split()))  # type: ignore[call-overload]
    definition: Any = listed.__strawberry_definition__  # type: ignore[attr-defined]
    for value, member in zip(definition.values, listed, strict=True):  # type: ignore[call-overload]
        value.description = member.description
    return listed


for each in (
    AffiliationKind, AgeBand, PollStatus, Choice, ConsentSource, ConsultationKind, ConsultationStatus, CountingMethod, CountRemark, DataRequestKind,
    DataRequestStatus, EligibilityReason, ImportKind, ImportStatus, InspectionDecision, LegalForm, LinkKind,
    MembershipStatus, NoticeChannel, NoticeKind, Outcome, QuestionKind, RecordType, RefusalCode, RegisterChange,
    RejectionHeading, ResolutionKind, StageEvent,
    RelationshipKind, RelationshipSource, RemovalStage, Role, RowOutcome, SchoolPhase, Secrecy, ViewerKind,
):  # fmt: skip
    described_enum(each)


class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="Smallest, earliest, A first.")
    DESC = strawberry.enum_value("DESC", description="Largest, latest, Z first.")


strawberry.enum(OrderDirection, description="Which end of a list comes first.")

EmailAddress = NewType("EmailAddress", str)
Sha256 = NewType("Sha256", str)
SCALARS: dict[Any, Any] = {
    EmailAddress: strawberry.scalar(
        name="EmailAddress", description="One e-mail address.", serialize=str, parse_value=str
    ),
    Sha256: strawberry.scalar(
        name="Sha256", description="A SHA-256 hash, 64 hexadecimal digits.", serialize=str, parse_value=str
    ),
}
