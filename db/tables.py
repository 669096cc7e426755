"""Every table, for migrations and for tests."""

from .audit.tables import AuditEventRow
from .columns import METADATA
from .consultations.tables import ConsultationRow
from .governance.tables import RulesetRow
from .identity.tables import SessionRow
from .intake.tables import ImportJobRow
from .membership.tables import MembershipRow
from .notifications.tables import OutboxRow
from .partners.tables import PartnerRow
from .people.tables import PersonRow
from .polls.tables import PollRow
from .privacy.tables import DataRequestRow
from .register.tables import RegisterLineRow
from .trusts.tables import TrustRow

AREAS = (
    TrustRow, RulesetRow, PersonRow, MembershipRow, ImportJobRow, SessionRow, ConsultationRow,
    PollRow, PartnerRow, OutboxRow, AuditEventRow, DataRequestRow,
    RegisterLineRow,
)  # fmt: skip

__all__ = ["AREAS", "METADATA"]
