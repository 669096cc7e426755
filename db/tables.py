"""Every table, for migrations and for tests."""

from .audit.tables import AuditEventRow
from .ballots.tables import BallotRow
from .columns import METADATA
from .consultations.tables import ConsultationRow
from .governance.tables import RulesetRow
from .identity.tables import SessionRow
from .members.import_tables import ImportJobRow
from .members.register_tables import MembershipRow
from .members.tables import PersonRow
from .notifications.tables import OutboxRow
from .organisations.tables import TrustRow
from .partners.tables import PartnerRow
from .privacy.tables import DataRequestRow

AREAS = (
    TrustRow, RulesetRow, PersonRow, MembershipRow, ImportJobRow, SessionRow, ConsultationRow,
    BallotRow, PartnerRow, OutboxRow, AuditEventRow, DataRequestRow,
)  # fmt: skip

__all__ = ["AREAS", "METADATA"]
