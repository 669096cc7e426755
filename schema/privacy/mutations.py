"""Asking about one's own data, and answering."""

import strawberry

from actions.privacy import requests
from domain.privacy.requests import DataRequestKind
from planner import payload_node

from ..context import Info
from ..refusals import UserError, idempotency_key, key_of, run_mutation_for_key
from .types import DataRequest


@strawberry.input(description="A request about somebody's data: one's own, or a child's one answers for.")
class RequestAboutDataInput:
    person_id: strawberry.ID = strawberry.field(description="Whose data.")
    kind: DataRequestKind = strawberry.field(description="What is asked.")
    detail: str | None = strawberry.field(default=None, description="Anything to say with it.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="The answer to a request about data.")
class AnswerDataRequestInput:
    id: strawberry.ID = strawberry.field(description="The request.")
    granted: bool = strawberry.field(description="Whether it is done. Granting an erasure erases.")
    answer: str = strawberry.field(description="What the person is told.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A request about data that was written.")
class DataRequestPayload:
    request: DataRequest | None = payload_node(description="The request.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class PrivacyMutation:
    @strawberry.mutation(description="Asks about one's own data; a copy is ready at once.")
    async def request_about_data(self, info: Info, input: RequestAboutDataInput) -> DataRequestPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: requests.request_about_data(
                transaction, viewer, key_of("per", input.person_id, "personId"), input.kind, input.detail
            ),
        )
        return DataRequestPayload(request=key, errors=errors)

    @strawberry.mutation(description="Answers a request; for the data protection officer.")
    async def answer_data_request(self, info: Info, input: AnswerDataRequestInput) -> DataRequestPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: requests.answer_data_request(
                transaction, viewer, key_of("dat", input.id), input.granted, input.answer
            ),
        )
        return DataRequestPayload(request=key, errors=errors)
