"""Changing a trust's rules (rule 1b)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from db.governance import rulesets
from db.membership import memberships
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.governance.rulesets import check_adoption, parse_ruleset
from domain.identity.viewer import Role, Viewer, must_hold
from domain.refusals import Invalid, RefusalCode
from domain.text import required_text

MAX_RESOLUTION_LENGTH = 1_000


async def adopt_ruleset(
    transaction: Transaction,
    viewer: Viewer,
    stated: Mapping[str, Any],
    effective_from: date,
    resolution: str | None,
    poll_id: UUID | None,
) -> UUID:
    """Stores the next version of the rules, by the clerk, with the resolution that adopted them.

    The resolution is a poll declared here and carried, or a reference to a minute. Earlier decisions keep the
    version they were made under. Refusals: as must_hold, RESOLUTION_NEEDED, INPUT_INVALID, and those of the rule.
    """
    clerk = must_hold(viewer, Role.CLERK)
    if poll_id is not None and not await rulesets.is_carried(transaction, poll_id):
        raise Invalid(RefusalCode.RESOLUTION_NEEDED, "That poll has not been declared carried.", "pollId")
    if poll_id is None and not (resolution or "").strip():
        raise Invalid(RefusalCode.RESOLUTION_NEEDED, field="resolution")
    reference = required_text(resolution, "resolution", MAX_RESOLUTION_LENGTH) if resolution else None
    newest = await rulesets.newest_for_update(transaction)
    ruleset = parse_ruleset(newest.version + 1, effective_from, stated)
    check_adoption(ruleset, newest, await memberships.constituencies_in_use(transaction), await transaction.today())
    ruleset_id = await rulesets.add_version(transaction, ruleset, stated, reference, poll_id)
    await transaction.audit(AuditAction.RULESET_ADOPTED, ruleset_id, clerk, version=ruleset.version, poll_id=poll_id)
    return ruleset_id
