"""Files of people that wait to be checked or applied."""

import asyncio
import logging
from uuid import UUID

from actions.intake.checking import resume_import
from actions.intake.jobs import fail_import
from db.connection import Pool
from db.identity.viewers import trusts_by_slug
from db.intake import jobs
from db.transactions import Transactions

from ..people_files import reference
from .supervision import PUT_OFF, Failures

log = logging.getLogger("folkmoot.worker")


async def import_due(worker: Pool, app: Pool, failures: Failures, stopped: asyncio.Event) -> None:
    """Checks or applies what waits, the trusts taking turns."""
    waiting = True
    while waiting and not stopped.is_set():
        waiting = False
        for slug, trust_id in (await trusts_by_slug(app)).items():
            if not failures.rest(trust=slug):
                with failures.counted(trust=slug):
                    waiting |= await import_next_of(worker, app, trust_id)


async def import_next_of(worker: Pool, app: Pool, trust_id: UUID) -> bool:
    """Checks or applies one import of the trust; whether any waited. Raises PUT_OFF where it is to be tried again."""
    claimed = await jobs.claim_job(worker, trust_id)
    if claimed is None:
        return False
    job_id, tries = claimed
    try:
        await resume_import(Transactions(app), trust_id, job_id, reference())
    except Exception as error:  # a file that can't be worked off must keep nobody from the rest
        if isinstance(error, PUT_OFF) and tries < jobs.MOST_TRIES:
            raise
        log.error({"import": str(job_id), "failure": type(error).__name__})
        await Transactions(app).run(trust_id, lambda transaction: fail_import(transaction, job_id))
    return True
