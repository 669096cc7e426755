"""Every table, what may be done with it and what it says about people, by areas."""

from sqlalchemy import CheckConstraint, Date

from .access import Access
from .audit.tables import AuditEventRow
from .columns import METADATA, Row
from .consultations.tables import ConsultationRow
from .governance.tables import RulesetRow
from .identity.tables import SessionRow
from .intake.tables import ImportJobRow
from .membership.tables import MembershipRow
from .notifications.tables import OutboxRow
from .partners.tables import PartnerRow
from .people.decision_tables import PersonCorrectionRow
from .people.tables import PersonRow
from .personal import NoPerson, Personal
from .polls.tables import PollRow
from .privacy.tables import DataRequestRow
from .register.tables import RegisterLineRow
from .trusts.tables import TrustRow

AREAS = (
    TrustRow, RulesetRow, PersonRow, PersonCorrectionRow, MembershipRow, RegisterLineRow, ImportJobRow, ConsultationRow,
    PollRow, PartnerRow, OutboxRow, SessionRow, DataRequestRow, AuditEventRow,
)  # fmt: skip

# the last day Python knows is written as infinity, and nothing of ours reads what has no day
for _table in METADATA.tables.values():
    for _day in [each.name for each in _table.columns if isinstance(each.type, Date)]:
        _table.append_constraint(CheckConstraint(f"isfinite({_day})", name=f"{_day}_finite"))

_ROWS = [row for area in AREAS for row in Row.__subclasses__() if row.__module__ == area.__module__]
ACCESS: dict[str, Access] = {str(row.__tablename__): row.__access__ for row in _ROWS}
PERSONAL: dict[str, Personal | NoPerson] = {str(row.__tablename__): row.__personal__ for row in _ROWS}

__all__ = ["ACCESS", "AREAS", "METADATA", "PERSONAL"]
