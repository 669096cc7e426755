"""Who sees polls."""

from domain.identity.viewer import AccessProfile, Scope, ViewerKind
from planner import ALWAYS, Access

from ..access import POLL_OFFICERS, scoped


def seen_as(is_public: str, is_declared: str) -> Access:
    """Officers see every poll, signed-in people those of which notice was given, everybody else declared results."""

    def rows(profile: AccessProfile) -> str:
        if profile.has_any(*POLL_OFFICERS):
            return ALWAYS
        return is_public if profile.kind is ViewerKind.PERSON else is_declared

    return scoped(Scope.RESULTS_READ, rows)
