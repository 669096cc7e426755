"""Changing a trust's rules (domain rule 1)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from db.governance import rules
from db.work import Work
from domain.audit.events import AuditAction
from domain.governance.rulesets import check_adoption, parse_ruleset
from domain.identity.viewer import Role, Viewer, must_hold
from domain.refusals import Invalid, RefusalCode
from domain.text import required_text

MAX_RESOLUTION_LENGTH = 1_000


async def adopt_ruleset(
    work: Work,
    viewer: Viewer,
    stated: Mapping[str, Any],
    effective_from: date,
    resolution: str | None,
    ballot_id: UUID | None,
) -> UUID:
    """Stores the next version of the rules, by the clerk, with the resolution that adopted them.

    The resolution is a ballot declared here and carried, or a reference to a minute. Earlier decisions keep the
    version they were made under. Refusals: as must_hold, RESOLUTION_NEEDED, INPUT_INVALID, and those of the rule.
    """
    clerk = must_hold(viewer, Role.CLERK)
    if ballot_id is not None and not await rules.is_carried(work, ballot_id):
        raise Invalid(RefusalCode.RESOLUTION_NEEDED, "That ballot has not been declared carried.", "ballotId")
    if ballot_id is None and not (resolution or "").strip():
        raise Invalid(RefusalCode.RESOLUTION_NEEDED, field="resolution")
    reference = required_text(resolution, "resolution", MAX_RESOLUTION_LENGTH) if resolution else None
    newest = await rules.newest_for_update(work)
    ruleset = parse_ruleset(newest.version + 1, effective_from, stated)
    check_adoption(ruleset, newest, await rules.constituencies_in_use(work), await work.today())
    ruleset_id = await rules.add_version(work, ruleset, stated, reference, ballot_id)
    await work.audit(AuditAction.RULESET_ADOPTED, ruleset_id, clerk, version=ruleset.version, ballot_id=ballot_id)
    return ruleset_id
