"""`make demo`: the whole story of two trusts, told over HTTP to a running server.

Only the mails are read from var/mail, as a person reads their mailbox. Officers stay signed in from one telling to the
next, so that it can be told any number of times.
"""

import argparse
import asyncio
import json
import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ..settings import ROOT, Settings
from .demo_client import OPERATIONS, Actor, DemoError
from .demo_poll import CONSTITUENCIES, PollTeller
from .demo_sessions import KeptSessions

NEIGHBOURS = 15  # people per trust
TIME_FOR_ANSWERS = 12  # seconds
GIVEN_NAMES = ("Amina", "Bryn", "Chidi", "Dilys", "Edith", "Farid", "Gwen", "Hamza", "Isla", "Jakub", "Kezia", "Liam")
FAMILY_NAMES = (
    "Ashdown",
    "Bello",
    "Carrow",
    "Dunn",
    "Evans",
    "Fell",
    "Gough",
    "Hussain",
    "Ivory",
    "Joyce",
    "Kaur",
    "Lamb",
)


class Story(PollTeller):
    """One trust's story."""

    async def register(self, schools: Sequence[Mapping[str, Any]], run: str) -> list[Actor]:
        """Neighbours sign in and apply."""
        step, actors = self.step(f"{NEIGHBOURS} people register", NEIGHBOURS), []
        for number in range(NEIGHBOURS):
            actor = await self.sign_in(f"neighbour-{number}-{run}@example.org")
            constituency = CONSTITUENCIES[number % len(CONSTITUENCIES)]
            school = schools[number % len(schools)]
            application = {
                "givenName": random.choice(GIVEN_NAMES),
                "familyName": random.choice(FAMILY_NAMES),
                "dateOfBirth": str(date(1985, 1, 1) + timedelta(days=number * 97)),
                "constituency": constituency,
                "relationships": [{"kind": constituency, "schoolUrn": school["urn"]}],
                "serviceAddress": f"{number + 1} High Street, {school['town'] or 'the village'}",
                "acceptsArticles": True,
            }
            await self.ask("apply-for-membership", actor, input=application)
            actors.append(actor)
            self.progress.advance(step)
        return actors

    async def admit(self, officer: Actor) -> None:
        """The membership officer admits everybody who waits."""
        step = None
        while True:
            page = await self.ask("members", officer, first=100, filter={"status": "SUBMITTED"})
            waiting = page["members"]["nodes"]
            if step is None:
                step = self.step("the officer admits them", page["members"]["totalCount"])
            if not waiting:
                return
            for member in waiting:
                await self.ask("admit-member", officer, id=member["id"], idempotencyKey=member["id"])
                self.progress.advance(step)

    async def consult(self, clerk: Actor, members: Sequence[Actor]) -> dict[str, Any]:
        """The two questions of the CARE consultation of 2017, asked again."""
        care = json.loads((ROOT / "data" / "consultations" / "care-foundation-trust-2017.json").read_text())
        questions = [
            {"prompt": q["text"], "kind": q["type"], "required": q["required"], "guidance": q.get("guidance", [])}
            for q in care["questions"]
        ]
        closes_at = datetime.now(UTC) + timedelta(seconds=TIME_FOR_ANSWERS)
        draft = {
            "title": "Working together in a partnership trust",
            "purpose": "How the schools work together is open to change; that they do is not.",
            "kind": "ENGAGEMENT",
            "proposer": care["proposer"]["name"],
            "decisionMaker": care["decisionMaker"],
            "audience": care["audience"],
            "closesAt": closes_at.isoformat(),
            "questions": questions,
        }
        drafted = await self.ask("draft-consultation", clerk, input=draft)
        consultation = drafted["draftConsultation"]["consultation"]
        await self.ask("publish-consultation", clerk, id=consultation["id"])
        step = self.step("the consultation is answered", len(members))
        for number, member in enumerate(members):
            answers = [
                {"questionId": question["id"], "choice": ("STRONGLY_FOR", "FOR", "FOR", "AGAINST")[number % 4]}
                for question in consultation["questions"]
            ]
            answers[0]["comment"] = "Keep the village schools open."
            await self.ask(
                "answer-consultation", member, input={"consultationId": consultation["id"], "answers": answers}
            )
            self.progress.advance(step)
        await self.wait_until(closes_at, "the consultation closes")
        await self.ask("close-consultation", clerk, id=consultation["id"])
        actions = [{"youSaid": "Keep the village schools open.", "weDid": "No school closes.", "owner": "The board"}]
        outcome = {"id": consultation["id"], "outcome": "The schools go ahead together.", "actions": actions}
        await self.ask("publish-outcome", clerk, input=outcome)
        published: dict[str, Any] = (await self.ask("consultation", members[0], id=consultation["id"]))["node"]
        return published

    async def partner(self, clerk: Actor, poll: str) -> dict[str, Any]:
        """A partner's app reads what its agreement allows."""
        step = self.step("a partner's app reads the result", 3)
        partner = (await self.ask("partners", clerk))["partners"]["nodes"][0]
        scopes = ["schools:read", "consultations:read", "aggregates:read", "results:read"]
        today = datetime.now(UTC).date()
        agreement = {
            "partnerId": partner["id"],
            "purpose": "Showing the trust's results on the partner's pages.",
            "scopes": scopes,
            "since": str(today),
            "until": str(today + timedelta(days=365)),
        }
        signed = await self.ask("sign-agreement", clerk, input=agreement)
        self.progress.advance(step)
        registered = await self.ask(
            "register-app", clerk, agreementId=signed["signAgreement"]["agreement"]["id"], name="Results page"
        )
        credentials = (registered["registerApp"]["partnerApp"]["clientId"], registered["registerApp"]["clientSecret"])
        self.progress.advance(step)
        answer = await self._http.post(
            f"/{self.slug}/oauth/token", data={"grant_type": "client_credentials"}, auth=credentials
        )
        if answer.status_code != 200:
            raise DemoError(f"The token endpoint answered {answer.status_code}.")
        app = Actor("app", {"Authorization": f"Bearer {answer.json()['access_token']}"})
        seen: dict[str, Any] = await self.ask("what-a-partner-sees", app, pollId=poll)
        self.progress.advance(step)
        if seen["members"]["totalCount"] or seen["members"]["nodes"]:
            raise DemoError("The partner sees members.")
        return seen


async def tell_story(story: Story) -> dict[str, Any]:
    """One trust's story from registration to the partner's app."""
    schools = (await story.ask("schools", None, first=10))["schools"]["nodes"]
    members = await story.register(schools, secrets.token_hex(4))
    await story.admit(await story.officer("membership.officer"))
    clerk = await story.officer("clerk")
    consultation = await story.consult(clerk, members)
    officer = await story.officer("returning.officer")
    poll, declared = await story.hold_poll(officer, members)
    seen = await story.partner(clerk, poll)
    return {"trust": story.slug, "consultation": consultation, "contests": declared, "partnerSees": seen}


async def run_demo(base: str, var: Path) -> None:
    """Tells the story of Wessex and CARE to the server whose folder is `var`. Raises DemoError."""
    console, used = Console(), dict[str, None]()
    mailbox, sessions = var / "mail", KeptSessions(var / "demo-sessions.json", base)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        async with httpx.AsyncClient(base_url=base, timeout=20) as http:
            with Progress(*columns, console=console) as progress:
                trusts = ("wessex-learning-trust", "care-foundation-trust")
                stories = [Story(http, slug, mailbox, progress, used, sessions) for slug in trusts]
                told = await asyncio.gather(*(tell_story(story) for story in stories))
    except httpx.HTTPError as error:
        raise DemoError(
            f"No answer from {base} ({type(error).__name__}): start it with `make run`, or set PORT."
        ) from None
    for each in told:
        for contest in each["contests"]:
            console.rule(f"Declaration: {each['trust']}, {contest['title']}")
            receipts = f"{len(contest['declaration']['receipts'])} receipts, every one found"
            console.print_json(data={**contest["declaration"], "receipts": receipts})
    console.rule("Operations used (docs/operations/)")
    for name in used:
        console.print(f"[bold]{name}[/bold]")
        console.print((OPERATIONS / f"{name}.graphql").read_text(), highlight=False, markup=False)


def act(settings: Settings, _: argparse.Namespace) -> None:
    asyncio.run(run_demo(f"http://{settings.host}:{settings.port}", settings.var))
