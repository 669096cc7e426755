"""Who is calling, and what that lets them ask for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from ..described import DescribedEnum
from ..refusals import NotPermitted, RefusalCode, refuse_all


class Role(DescribedEnum):
    """An office a person holds in a trust. Nobody's office reaches into another trust."""

    MEMBERSHIP_OFFICER = "MEMBERSHIP_OFFICER", "Keeps the register: admits, refuses, ends memberships."
    RETURNING_OFFICER = "RETURNING_OFFICER", "Runs polls: notice, roll, count, declaration."
    TRUSTEE = "TRUSTEE", "Sits on the trust's board."
    CLERK = "CLERK", "Serves the board and the forum: consultations, agreements, roles."
    FORUM_MEMBER = "FORUM_MEMBER", "Sits on the forum or council of members."
    DATA_PROTECTION_OFFICER = "DATA_PROTECTION_OFFICER", "Watches over personal data."


class ViewerKind(DescribedEnum):
    """The sort of caller."""

    ANONYMOUS = "ANONYMOUS", "Nobody in particular: sees what is public."
    APPLICANT = "APPLICANT", "A confirmed mailbox without a person on record yet."
    PERSON = "PERSON", "A signed-in person."
    PARTNER = "PARTNER", "An app of a partner organisation, within its agreement."


class Scope(DescribedEnum):
    """What a partner's agreement may let its app read. None of it is about one person."""

    SCHOOLS_READ = "schools:read", "The list of schools."
    CONSULTATIONS_READ = "consultations:read", "Published consultations and their outcomes."
    AGGREGATES_READ = "aggregates:read", "Counts of members, small groups suppressed."
    RESULTS_READ = "results:read", "Declared results of polls."


@dataclass(frozen=True, slots=True)
class AccessProfile:
    """What a plan may depend on: never an identity, so that one plan serves everybody of the profile."""

    kind: ViewerKind
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[Scope] = frozenset()

    def has_any(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class Viewer:
    """The caller of one request, within one trust."""

    trust_id: UUID
    profile: AccessProfile
    person_id: UUID | None = None
    session_id: UUID | None = None
    email: str | None = None
    partner_app_id: UUID | None = None
    network: str | None = None  # a keyed hash of the caller's address, for limits only

    @cached_property
    def credential(self) -> str:
        """The key of this caller's allowance: a session, an app, or the network an anonymous caller comes from."""
        return str(self.session_id or self.partner_app_id or self.network or "nobody")

    @property
    def person(self) -> UUID:
        """The caller's person. Refusals: as ANY_PERSON."""
        ANY_PERSON.check(self)
        assert self.person_id is not None
        return self.person_id


@dataclass(frozen=True, slots=True)
class Caller:
    """Who may ask for an action: these kinds of callers, and of people only holders of a role, where roles are named."""

    kinds: frozenset[ViewerKind]
    roles: tuple[Role, ...] = ()

    def check(self, viewer: Viewer) -> None:
        """Refusals: NOT_SIGNED_IN, PERSON_NEEDED, NOT_PERMITTED."""
        if viewer.profile.kind not in self.kinds:
            is_applicant = viewer.profile.kind is ViewerKind.APPLICANT
            raise NotPermitted(RefusalCode.PERSON_NEEDED if is_applicant else RefusalCode.NOT_SIGNED_IN)
        if self.roles and not viewer.profile.has_any(*self.roles):
            raise NotPermitted(RefusalCode.NOT_PERMITTED)

    @property
    def description(self) -> str:
        """Whom it is for, in words; nothing where no office is needed."""
        names = [role.value.replace("_", " ").lower() for role in self.roles]
        return f"For the {' or the '.join(names)}." if names else ""


ANYBODY = Caller(frozenset(ViewerKind))
ANY_MAILBOX = Caller(frozenset({ViewerKind.APPLICANT, ViewerKind.PERSON}))
ANY_PERSON = Caller(frozenset({ViewerKind.PERSON}))


def holder_of(*roles: Role) -> Caller:
    return Caller(ANY_PERSON.kinds, roles)


def scopes_named(names: Sequence[str], within: Iterable[str]) -> frozenset[Scope]:
    """The scopes called `names`, each of which must be `within` what is agreed. Refusals: SCOPE_UNKNOWN."""
    allowed = set(within) & set(Scope.values())
    refuse_all(
        [
            NotPermitted(RefusalCode.SCOPE_UNKNOWN, field=f"scopes.{index}")
            for index, name in enumerate(names)
            if name not in allowed
        ]
    )
    return frozenset(Scope.named(name) for name in names)
