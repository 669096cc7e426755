"""Input fields many mutations share."""

from typing import Any

import strawberry


def idempotency_key() -> Any:
    return strawberry.field(
        default=None, description="Anything unique to this act: sent again, it gives the same answer and does nothing."
    )


@strawberry.input(description="One object to act on.")
class ActInput:
    id: strawberry.ID = strawberry.field(description="The object.")
    idempotency_key: str | None = idempotency_key()
