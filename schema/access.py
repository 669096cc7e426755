"""Who may see what. Types name these predicates in their declarations; there is no other way to the rows.

A predicate is decided by the *access profile* of the viewer (kind, roles, scopes), so that one plan serves all of a profile; where
it depends on the person it says so in SQL through `{viewer.person_id}`, or through `{viewer.email}` where on the mailbox.
"""

from enum import Enum

from domain.identity.viewer import AccessProfile, Role, Scope, ViewerKind
from planner import ALWAYS, NEVER, Access, Lacking, everybody

REGISTER_KEEPERS = (Role.MEMBERSHIP_OFFICER, Role.RETURNING_OFFICER, Role.CLERK, Role.DATA_PROTECTION_OFFICER)
SAFEGUARDERS = (Role.MEMBERSHIP_OFFICER, Role.DATA_PROTECTION_OFFICER)
BOARD = (Role.TRUSTEE, Role.CLERK)
REGISTER_OFFICERS = (Role.MEMBERSHIP_OFFICER, Role.CLERK)
POLL_OFFICERS = (Role.RETURNING_OFFICER, Role.TRUSTEE, Role.CLERK)


class Sensitivity(Enum):
    """How sensitive a field is (docs/security.md#sensitivity-classes)."""

    P0 = "public"
    P1 = "member-visible"
    P2 = "officers and the person it is about"
    P3 = "child or safeguarding"


P0, P1, P2, P3 = Sensitivity.P0, Sensitivity.P1, Sensitivity.P2, Sensitivity.P3
PUBLIC = {P0: everybody}


def holders_of(*roles: Role) -> Access:
    return lambda profile: ALWAYS if profile.has_any(*roles) else NEVER


def asked_by(*roles: Role) -> str:
    """That the caller holds one of `roles`: of a list that is for fewer than those who see its rows elsewhere."""
    names = ", ".join(f"'{role.value}'" for role in roles)
    return f"{{viewer.roles}} && array[{names}]"


def holders_or_own(roles: tuple[Role, ...], own: str) -> Access:
    """Holders of one of `roles` see every row; a person sees the rows `own` says are about them."""

    def access(profile: AccessProfile) -> str:
        if profile.has_any(*roles):
            return ALWAYS
        return own if profile.kind is ViewerKind.PERSON else NEVER

    return access


def holders_or_mailbox(roles: tuple[Role, ...], own: str, of_mailbox: str) -> Access:
    """As holders_or_own; a mailbox sees the rows `of_mailbox` says are of it, whether it is a person's by now or nobody's."""
    of_people = holders_or_own(roles, f"{own} or ({of_mailbox})")
    return lambda profile: of_mailbox if profile.kind is ViewerKind.APPLICANT else of_people(profile)


def scoped(scope: Scope, others: Access = everybody) -> Access:
    """A partner's app needs the scope, and is told when it lacks it; everybody else is told by `others`."""

    def access(profile: AccessProfile) -> str:
        seen = others(profile)
        is_lacking = profile.kind is ViewerKind.PARTNER and scope not in profile.scopes and seen != NEVER
        return Lacking(scope.value) if is_lacking else seen

    return access


def unless_holders(roles: tuple[Role, ...], otherwise: str) -> Access:
    """Holders of one of `roles` see every row, everybody else those that satisfy `otherwise`."""
    return lambda profile: ALWAYS if profile.has_any(*roles) else otherwise
