"""Organisations as members, and who acts for them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.people.organisations import Authorisation, OrganisationRecord

from ..fragments.people import goes_on, holds, is_authorised, is_authorised_in
from ..fragments.statuses import REGISTERED
from ..transactions import Transaction


async def organisations_on_record(transaction: Transaction) -> dict[UUID, OrganisationRecord]:
    """Those that were not dissolved, locked: none is added or dissolved until the transaction ends."""
    await transaction.hold("organisations")
    rows = await transaction.rows(
        "select id, name, registered_number from organisation where trust_id = $1 and dissolved_on is null"
        " order by id for no key update",
        transaction.trust_id,
    )
    return {row["id"]: OrganisationRecord(row["name"], row["registered_number"]) for row in rows}


async def is_hearsay(transaction: Transaction, organisation_id: UUID, person_id: UUID, day: date) -> bool:
    """Whether nobody but, perhaps, the person acts for the organisation, and it never was a member: somebody once said
    that there is one, and no more is known of it."""
    return not await transaction.value(
        "select exists (select from authorisation a where a.trust_id = $1 and a.organisation_id = $2"
        f" and a.person_id <> $3 and {holds('a', '$4')})"
        " or exists (select from membership m where m.trust_id = $1 and m.organisation_id = $2"
        f" and m.status in ({REGISTERED}))",
        transaction.trust_id,
        organisation_id,
        person_id,
        day,
    )


async def describe(transaction: Transaction, organisation_id: UUID, kind: str, registered_number: str | None) -> None:
    """What is said of an organisation, instead of what was."""
    await transaction.run(
        "update organisation set kind = $3, registered_number = $4 where trust_id = $1 and id = $2",
        transaction.trust_id,
        organisation_id,
        kind,
        registered_number,
    )


async def add_organisation(transaction: Transaction, record: OrganisationRecord, kind: str) -> UUID:
    organisation: UUID = await transaction.value(
        "insert into organisation (trust_id, name, kind, registered_number) values ($1, $2, $3, $4) returning id",
        transaction.trust_id,
        record.name,
        kind,
        record.registered_number,
    )
    return organisation


async def organisation_name(transaction: Transaction, organisation_id: UUID) -> str | None:
    """The name, with the organisation locked; None where there is none, or none any more."""
    name: str | None = await transaction.value(
        "select name from organisation where trust_id = $1 and id = $2 and dissolved_on is null for no key update",
        transaction.trust_id,
        organisation_id,
    )
    return name


async def dissolve(transaction: Transaction, organisation_id: UUID, day: date) -> None:
    await transaction.run(
        "update organisation set dissolved_on = $3 where trust_id = $1 and id = $2",
        transaction.trust_id,
        organisation_id,
        day,
    )
    await _end(transaction, day, organisation_id=organisation_id)


async def represents(transaction: Transaction, person_id: UUID, organisation_id: UUID, day: date) -> bool:
    return bool(
        await transaction.value(
            "select true from authorisation where trust_id = $1 and organisation_id = $2 and person_id = $3"
            f" and {is_authorised('', '$4')} limit 1",
            transaction.trust_id,
            organisation_id,
            person_id,
            day,
        )
    )


async def representatives(
    transaction: Transaction, organisation_id: UUID, membership_id: UUID, day: date
) -> Sequence[UUID]:
    """Who acts for the organisation where this membership, or application, is concerned."""
    rows = await transaction.rows(
        "select distinct person_id from authorisation where trust_id = $1 and organisation_id = $2"
        f" and {is_authorised_in('', '$3', '$4')}",
        transaction.trust_id,
        organisation_id,
        membership_id,
        day,
    )
    return [row["person_id"] for row in rows]


async def authorise(
    transaction: Transaction,
    organisation_id: UUID,
    person_id: UUID,
    since: date,
    until: date | None,
    document: str,
    application_id: UUID | None,
) -> UUID:
    authorisation: UUID = await transaction.value(
        "insert into authorisation (trust_id, organisation_id, person_id, since, until, document, application_id)"
        " values ($1, $2, $3, $4, $5, $6, $7) returning id",
        transaction.trust_id,
        organisation_id,
        person_id,
        since,
        until,
        document,
        application_id,
    )
    return authorisation


async def confirm_authorisations(transaction: Transaction, application_id: UUID) -> None:
    """What somebody said when they applied holds for all there is to do."""
    await transaction.run(
        "update authorisation set application_id = null where trust_id = $1 and application_id = $2",
        transaction.trust_id,
        application_id,
    )


async def end_authorisations_for(transaction: Transaction, application_id: UUID, day: date) -> None:
    """Ends what was for this application alone."""
    await _end(transaction, day, application_id=application_id)


async def authorisation_for_update(transaction: Transaction, authorisation_id: UUID) -> Authorisation | None:
    row = await transaction.row(
        "select id, organisation_id, person_id, since, until from authorisation where trust_id = $1 and id = $2 for update",
        transaction.trust_id,
        authorisation_id,
    )
    return None if row is None else Authorisation(**row)


async def end_all_authorisations(transaction: Transaction, person_id: UUID, day: date) -> None:
    """Ends the person's power to act for whatever organisation."""
    await _end(transaction, day, person_id=person_id)


async def end_authorisations(transaction: Transaction, organisation_id: UUID, person_id: UUID, day: date) -> None:
    """Ends the person's power to act for the organisation, however often it was given."""
    await _end(transaction, day, organisation_id=organisation_id, person_id=person_id)


async def _end(transaction: Transaction, day: date, **whose: UUID) -> None:
    """Ends the authorisations that go on and have these ids in the columns named."""
    conditions = "".join(f" and {column} = ${place}" for place, column in enumerate(whose, start=3))
    await transaction.run(
        f"update authorisation set until = greatest(since, $2) where trust_id = $1{conditions} and {goes_on('', '$2')}",
        transaction.trust_id,
        day,
        *whose.values(),
    )
