"""Changing a trust's rules (rule 1b)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from db.governance import rulesets
from db.membership import memberships
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.governance.limits import check_limits
from domain.governance.rulesets import check_adoption, new_ruleset
from domain.identity.viewer import Role, Viewer, holder_of
from domain.refusals import Invalid, RefusalCode
from domain.text import MAX_REASON_LENGTH

from ..action import action


@dataclass(frozen=True, slots=True)
class AdoptRuleset:
    """A new version of the trust's rules, and the resolution that adopted it."""

    rules: Annotated[Mapping[str, Any], "Every rule, in the form docs/rulesets.md describes."]
    effective_from: Annotated[
        date, "The first day they hold: today or later; what was adopted for later days is then replaced."
    ]
    resolution: Annotated[str | None, Text(MAX_REASON_LENGTH), "The minute of the resolution."] = None
    contest_id: Annotated[UUID | None, Id("cts"), "The contest that carried it, where it was held here."] = None


@action(holder_of(Role.CLERK))
async def adopt_ruleset(transaction: Transaction, viewer: Viewer, command: AdoptRuleset) -> UUID:
    """Stores the next version of the rules, with the resolution that adopted them.

    The resolution is a contest declared here and carried, or a reference to a minute. Earlier decisions keep the
    version they were made under. Refusals: RESOLUTION_NEEDED, and those of new_ruleset, check_adoption and check_limits.
    """
    if command.contest_id is not None and not await rulesets.is_carried(transaction, command.contest_id):
        raise Invalid(RefusalCode.RESOLUTION_NEEDED, "That contest has not been declared carried.", "contest_id")
    if command.contest_id is None and command.resolution is None:
        raise Invalid(RefusalCode.RESOLUTION_NEEDED, field="resolution")
    newest = await rulesets.newest_for_update(transaction)
    ruleset = new_ruleset(newest.version + 1, command.effective_from, command.rules)
    check_adoption(ruleset, newest, await memberships.constituencies_in_use(transaction), await transaction.today())
    check_limits(ruleset)
    ruleset_id = await rulesets.add_version(transaction, ruleset, command.rules, command.resolution, command.contest_id)
    await transaction.audit(
        AuditAction.RULESET_ADOPTED, ruleset_id, viewer.person, version=ruleset.version, contest_id=command.contest_id
    )
    return ruleset_id
