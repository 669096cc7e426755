"""Consultations, and answers to their questions."""

from collections.abc import Mapping
from typing import Any

from domain.identity.viewer import Role
from tests.mutations import DRAFT_CONSULTATION, act

from .client import CARE
from .trusts import Trusts


class Consultations(Trusts):
    def consultation(self, **changes: Any) -> dict[str, Any]:
        return {
            "title": "School day",
            "purpose": "To hear what suits families.",
            "kind": "ENGAGEMENT",
            "proposer": "The board",
            "decisionMaker": "The board",
            "closesAt": "2100-01-01T12:00:00Z",
            "questions": [
                {"prompt": "Start at 8:30?", "kind": "YES_NO", "required": True},
                {"prompt": "Anything else?", "kind": "TEXT"},
            ],
        } | changes

    async def drafted_consultation(self, trust: str = CARE, **changes: Any) -> dict[str, Any]:
        clerk = await self.officer(Role.CLERK, trust)
        payload = await self.do(DRAFT_CONSULTATION, clerk, input=self.consultation(**changes))
        consultation: dict[str, Any] = payload["consultation"]
        return consultation

    async def open_consultation(self, trust: str = CARE, **changes: Any) -> dict[str, Any]:
        """A consultation that is open for a season."""
        consultation = await self.drafted_consultation(trust, **({"closesAt": await self.later(days=90)} | changes))
        clerk = await self.officer(Role.CLERK, trust)
        await self.do(act("publishConsultation", "consultation"), clerk, id=consultation["id"])
        return consultation

    async def run_out(self, consultation: Mapping[str, Any]) -> None:
        """Lets the time for answers pass."""
        await self.set_clock(await self.moment_of("consultation", consultation["id"], "closes_at"))

    def answers(self, consultation: Mapping[str, Any], choice: str, comment: str | None = None) -> dict[str, Any]:
        first, *rest = consultation["questions"]
        answers = [{"questionId": first["id"], "choice": choice}]
        if comment:
            answers.append({"questionId": rest[0]["id"], "comment": comment})
        return {"consultationId": consultation["id"], "answers": answers}
