"""Telling people: the right words, in their language, by the way that reaches them (rules 6e and 21)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from db.governance.rulesets import ruleset_in_force
from db.notifications import notices
from db.notifications.notices import Letter
from db.people.guardians import guardians_of
from db.people.persons import Person, people
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import Role, Viewer, holder_of
from domain.notifications.notice import NoticeChannel, NoticeKind, is_withheld
from domain.people.guardians import ContactRoute, contact_route
from domain.refusals import NotFound

from ..action import action

TEMPLATES = Path(__file__).parents[2] / "data" / "notices"
FALLBACK = "en"
MOST_LETTERS = 500  # in a batch
BY_POST = holder_of(Role.MEMBERSHIP_OFFICER, Role.CLERK)


@dataclass(frozen=True, slots=True)
class RecordBounce:
    """A mail or letter that came back."""

    id: Annotated[UUID, Id("not"), "The notice; a mail's Message-ID begins with what follows `not_`."]
    reason: Annotated[str, Text(), "Why it came back."]


@cache
def _environment(html: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=html, undefined=StrictUndefined, keep_trailing_newline=True
    )


def _words(kind: NoticeKind, language: str, words: Mapping[str, str | date]) -> tuple[str, str, str]:
    """Language, subject and text: in English where nobody has translated it."""
    for tried in (language.partition("-")[0], FALLBACK):
        try:
            template = _environment(False).get_template(f"{tried}/{kind.value.lower()}.txt")
        except TemplateNotFound:
            continue
        subject, _, body = template.render({name: spoken(word, tried) for name, word in words.items()}).partition("\n")
        return tried, subject.strip(), body.strip() + "\n"
    raise LookupError(f"no template for {kind}")


def _page(language: str, subject: str, body: str, trust: str) -> str:
    paragraphs = [" ".join(part.split()) for part in body.split("\n\n")]
    template = _environment(True).get_template("layout.html")
    return template.render(language=language, subject=subject, paragraphs=paragraphs, trust=trust)


def spoken(fact: str | date, language: str) -> str:
    """A fact as it is put into words: a day as people write it."""
    if isinstance(fact, str):
        return fact
    return f"{fact.day} {fact:%B %Y}" if language == FALLBACK else f"{fact:%d.%m.%Y}"


async def notify(
    transaction: Transaction,
    kind: NoticeKind,
    person_id: UUID,
    membership_id: UUID | None = None,
    member: str | None = None,
    **details: str | date,
) -> None:
    """Queues a notice to the person, or to whoever answers for them; on paper for those without a mailbox.

    `member` is whose membership it is about where that is not the recipient: an organisation. `details` are what the
    template of the kind asks for.
    """
    found = await people(transaction, [person_id])
    about = found[person_id]
    if is_withheld(kind, about.marketing_opt_out):
        return
    recipients = await _recipients(transaction, about)
    trust = await notices.trust_name(transaction)
    for recipient in recipients:
        name = member or about.name
        whose = "your" if recipient.id == about.id and member is None else f"the ({name})"
        words: dict[str, str | date] = {
            "name": recipient.given_name or recipient.name,
            "member": name,
            "whose": whose,
            "trust": trust,
            **details,
        }
        language, subject, body = _words(kind, recipient.language, words)
        channel = NoticeChannel.EMAIL if recipient.email else NoticeChannel.PRINT
        notice_id = await notices.add_notice(
            transaction, kind, channel, recipient.id, membership_id, language, subject, body
        )
        if recipient.email:
            await transaction.queue_mail(
                recipient.email, subject, body, _page(language, subject, body, trust), notice_id=notice_id
            )


async def letters(transaction: Transaction, viewer: Viewer) -> tuple[str, Sequence[Letter]]:
    """The trust's name and the letters that wait for paper, marked as dispatched. Refusals: as BY_POST."""
    BY_POST.check(viewer)
    batch = await notices.letters_to_print(transaction, MOST_LETTERS)
    if batch:
        await transaction.audit(AuditAction.LETTERS_PRINTED, transaction.trust_id, viewer.person, letters=len(batch))
    return await notices.trust_name(transaction), batch


@action(BY_POST)
async def record_bounce(transaction: Transaction, viewer: Viewer, command: RecordBounce) -> UUID:
    """Notes that a mail or letter came back: somebody has to find another way.

    Refusals: NOT_FOUND.
    """
    if not await notices.note_bounce(transaction, command.id, command.reason):
        raise NotFound("id")
    await transaction.audit(AuditAction.NOTICE_BOUNCED, command.id, viewer.person)
    return command.id


async def _recipients(transaction: Transaction, about: Person) -> list[Person]:
    """The person, or a child's guardians; a child without either is reached on paper, through the school."""
    today = await transaction.today()
    guardians = await guardians_of(transaction, about.id, today)
    ruleset = await ruleset_in_force(transaction)
    route = contact_route(ruleset, about.born, about.is_learner, about.email is not None, bool(guardians), today)
    if route is ContactRoute.GUARDIAN:
        return list((await people(transaction, guardians)).values())
    if route is ContactRoute.SCHOOL:
        return [about.without_mailbox()]
    return [about]
