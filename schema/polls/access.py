"""Who sees polls."""

from domain.identity.viewer import AccessProfile, Scope, ViewerKind
from planner import ALWAYS, Access

from ..access import POLL_OFFICERS, scoped


def seen_as(is_public: str, is_declared: str) -> Access:
    """Officers see every poll, partners' apps declared results, and everybody else those of which notice was given: a notice
    is public (rule 9a)."""

    def rows(profile: AccessProfile) -> str:
        if profile.has_any(*POLL_OFFICERS):
            return ALWAYS
        return is_declared if profile.kind is ViewerKind.PARTNER else is_public

    return scoped(Scope.RESULTS_READ, rows)
