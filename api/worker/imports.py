"""Files of people that wait to be checked or applied."""

import asyncio
import csv
import json
import logging
from functools import cache
from uuid import UUID

from actions.intake.checking import Reference, resume_import
from actions.intake.jobs import fail_import
from db.connection import Pool
from db.identity.viewers import trusts_by_slug
from db.intake import jobs
from db.transactions import Transactions
from domain.intake.registration import vocabulary
from domain.intake.schoolbook import KnownSchool

from ..settings import ROOT
from .supervision import PUT_OFF, Failures

log = logging.getLogger("folkmoot.worker")


@cache
def reference() -> Reference:
    """The words of offices, and every school of the published lists in data/."""
    data = ROOT / "data"
    with (data / "establishments.csv").open(encoding="utf-8-sig", newline="") as file:
        schools = [
            KnownSchool(int(row["URN"]), row["EstablishmentName"], f"{row['Locality']} {row['Town']}", False)
            for row in csv.DictReader(file)
        ]
    with (data / "establishment_links.csv").open(encoding="utf-8-sig", newline="") as file:
        links = [row for row in csv.DictReader(file) if row["LinkType"] == "Successor"]
    words = json.loads((data / "import_words.json").read_text(encoding="utf-8"))
    return Reference(vocabulary(words), schools, {int(row["URN"]): int(row["LinkURN"]) for row in links})


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
