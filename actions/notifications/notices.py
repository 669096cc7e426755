"""Telling people: the right words, in their language, by the way that reaches them (rules 6e and 21)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.notifications import notices
from db.notifications.notices import WordedNotice
from db.people.guardians import guardians_of
from db.people.persons import Person, people
from db.transactions import NewMail, Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import Role, Viewer, holder_of
from domain.notifications.notice import NoticeChannel, NoticeKind, check_bounce, is_withheld
from domain.people.guardians import ContactRoute, contact_route
from domain.refusals import NotFound

from ..action import action
from .wording import page, words

BY_POST = holder_of(Role.MEMBERSHIP_OFFICER, Role.CLERK)


@dataclass(frozen=True, slots=True)
class RecordBounce:
    """A mail or letter that came back."""

    id: Annotated[UUID, Id("not"), "The notice; a mail's Message-ID begins with what follows `not_`."]
    reason: Annotated[str, Text(), "Why it came back."]


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is to be told, or whoever answers for them.

    `member` is whose membership it is about where that is not the recipient: an organisation. `details` are what the
    template of the kind asks for.
    """

    person_id: UUID
    membership_id: UUID | None = None
    member: str | None = None
    details: Mapping[str, str | date] = field(default_factory=dict)


async def notify(
    transaction: Transaction,
    kind: NoticeKind,
    person_id: UUID,
    membership_id: UUID | None = None,
    member: str | None = None,
    **details: str | date,
) -> None:
    """Queues one notice, as notify_many does."""
    await notify_many(transaction, kind, [Notice(person_id, membership_id, member, details)])


async def notify_many(transaction: Transaction, kind: NoticeKind, told: Sequence[Notice]) -> None:
    """Queues notices to people, or to whoever answers for them; on paper for those without a mailbox."""
    known = await people(transaction, {each.person_id for each in told}) if told else {}
    owed = [each for each in told if not is_withheld(kind, known[each.person_id].marketing_opt_out)]
    if not owed:
        return
    recipients = await _recipients(transaction, {each.person_id: known[each.person_id] for each in owed})
    trust = await notices.trust_name(transaction)
    addressed = [(each, recipient) for each in owed for recipient in recipients[each.person_id]]
    ids = await transaction.new_ids(len(addressed))
    worded = [
        _worded(key, kind, each, known[each.person_id], recipient, trust)
        for key, (each, recipient) in zip(ids, addressed, strict=True)
    ]
    await notices.add_notices(transaction, worded)
    await transaction.queue_mails(
        NewMail(recipient.email, each.subject, each.body, page(each.language, each.subject, each.body, trust), each.id)
        for each, (_, recipient) in zip(worded, addressed, strict=True)
        if recipient.email
    )


def _worded(key: UUID, kind: NoticeKind, notice: Notice, about: Person, recipient: Person, trust: str) -> WordedNotice:
    member = notice.member or about.name
    is_own = recipient.id == about.id and notice.member is None
    told: dict[str, str | date] = {
        "name": recipient.given_name or recipient.name,
        "member": member,
        "whose": "your" if is_own else f"the ({member})",
        "trust": trust,
        **notice.details,
    }
    language, subject, body = words(kind.value.lower(), recipient.language, told)
    channel = NoticeChannel.EMAIL if recipient.email else NoticeChannel.PRINT
    return WordedNotice(key, kind, channel, recipient.id, notice.membership_id, language, subject, body)


async def _recipients(transaction: Transaction, told: Mapping[UUID, Person]) -> dict[UUID, list[Person]]:
    """Who hears for each of them: the person, or a child's guardians; a child without either is reached on paper,
    through the school."""
    today, ruleset = await transaction.today(), await ruleset_in_force(transaction)
    guardians = await guardians_of(transaction, list(told))
    adults = await people(transaction, {each for some in guardians.values() for each in some}) if guardians else {}
    found: dict[UUID, list[Person]] = {}
    for key, person in told.items():
        answering = [adults[each] for each in guardians.get(key, ())]
        has_mailbox = person.email is not None
        route = contact_route(ruleset, person.born, person.is_learner, has_mailbox, bool(answering), today)
        found[key] = {
            ContactRoute.OWN: [person],
            ContactRoute.GUARDIAN: answering,
            ContactRoute.SCHOOL: [person.without_mailbox()],
        }[route]
    return found


@action(BY_POST)
async def record_bounce(transaction: Transaction, viewer: Viewer, command: RecordBounce) -> UUID:
    """Notes that a mail or letter came back: somebody has to find another way.

    Refusals: NOT_FOUND, NOTICE_NOT_SENT, BOUNCE_RECORDED.
    """
    delivery = await notices.delivery_for_update(transaction, command.id)
    if delivery is None:
        raise NotFound("id")
    check_bounce(delivery.has_left, delivery.came_back)
    bounce = {"bounced_at": await transaction.now(), "bounce": command.reason}
    await transaction.change("notice", command.id, bounce)
    await transaction.audit(AuditAction.NOTICE_BOUNCED, command.id, viewer.person)
    return command.id
