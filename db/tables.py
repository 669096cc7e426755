"""Every table, for migrations and for tests."""

from .audit.tables import AuditEventRow
from .ballots.tables import BallotRow
from .columns import METADATA
from .consultations.tables import ConsultationRow
from .governance.tables import RulesetRow
from .identity.tables import SessionRow
from .members.tables import MembershipRow
from .notifications.tables import OutboxRow
from .organisations.tables import TrustRow
from .partners.tables import PartnerRow

AREAS = (
    TrustRow, RulesetRow, MembershipRow, SessionRow, ConsultationRow,
    BallotRow, PartnerRow, OutboxRow, AuditEventRow,
)  # fmt: skip

__all__ = ["AREAS", "METADATA"]
