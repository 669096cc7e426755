"""A no in a file, of whoever is an applicant or a member by an older yes (rules 4a and 22h)."""

from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.intake.jobs import Job
from db.intake.refusals import refused_memberships
from db.intake.rows import rows_by_line, store_judged
from db.membership import memberships
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.intake.judging import of_member_or_applicant
from domain.membership.lifecycle import MembershipStatus


async def judge_refusals(transaction: Transaction, job: Job, first: int, last: int) -> list[UUID]:
    """Notes which rows from line `first` to `last` say no for an applicant or a member; the applications nobody has taken
    up yet."""
    found = await refused_memberships(transaction, job.id, job.exported_on, first, last)
    rows = await rows_by_line(transaction, job.id, {each.line for each in found})
    for each in found:
        rows[each.line] = of_member_or_applicant(rows[each.line], each.status)
    await store_judged(transaction, job.id, rows.values())
    return list(dict.fromkeys(each.membership_id for each in found if each.status is MembershipStatus.SUBMITTED))


async def heed_refusals(transaction: Transaction, job: Job, first: int, last: int) -> None:
    """As judge_refusals, and takes these applications up: whoever decides on them reads why."""
    actor, reason = job.applied_by, f"A file of {job.exported_on} says no."
    for membership_id in await judge_refusals(transaction, job, first, last):
        found = await memberships.membership_for_update(transaction, membership_id)
        if found is None or found.membership.status is not MembershipStatus.SUBMITTED:
            continue
        version = (await ruleset_in_force(transaction)).version
        await memberships.set_status(transaction, membership_id, MembershipStatus.UNDER_REVIEW, actor, reason, version)
        await transaction.audit(AuditAction.MEMBERSHIP_REVIEWED, membership_id, actor, **{"import": job.id})
