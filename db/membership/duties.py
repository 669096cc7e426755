"""Which cases of the duties of a day have failed, until they are done."""

from collections.abc import Mapping
from uuid import UUID

from domain.membership.duties import ABOUT_PEOPLE, Duty

from ..transactions import Transaction

# of which duty, and of which case: a membership or a person; the trust where the duty as a whole failed
Case = tuple[Duty, UUID]


async def note_failures(transaction: Transaction, failed: Mapping[Case, str]) -> None:
    """Keeps these, each with its code, and forgets whatever else was noted: it is done, or no longer due. Of a duty that
    failed as a whole the cases stay."""
    unknown = {duty.value for duty, case in failed if case == transaction.trust_id}
    noted = await transaction.rows(
        "select id, duty, coalesce(membership_id, person_id, trust_id) as case_id from failed_duty where trust_id = $1",
        transaction.trust_id,
    )
    still = {(duty.value, case) for duty, case in failed}
    gone = [row["id"] for row in noted if (row["duty"], row["case_id"]) not in still and row["duty"] not in unknown]
    if gone:
        await transaction.run(
            "delete from failed_duty where trust_id = $1 and id = any($2)", transaction.trust_id, gone
        )
    now = await transaction.now()
    await transaction.run_many(
        "insert into failed_duty (trust_id, duty, membership_id, person_id, since, tried_at, code)"
        " values ($1, $2, $3, $4, $5, $5, $6) on conflict (trust_id, duty, membership_id, person_id)"
        " do update set tried_at = excluded.tried_at, code = excluded.code",
        [
            (transaction.trust_id, duty.value, *_of(transaction, duty, case), now, code)
            for (duty, case), code in failed.items()
        ],
    )


def _of(transaction: Transaction, duty: Duty, case: UUID) -> tuple[UUID | None, UUID | None]:
    """The membership, or the person."""
    if case == transaction.trust_id:
        return None, None
    return (None, case) if duty in ABOUT_PEOPLE else (case, None)
