"""An action protects itself, whoever calls it: a command, a worker, a test."""

import asyncio
from uuid import UUID

import pytest

from api.http.ask import COSTS
from api.settings import Settings
from domain.identity.viewer import AccessProfile, Viewer, ViewerKind
from domain.refusals import NotPermitted
from schema.build import REGISTRY
from schema.mutation import Mutation
from schema.mutation_fields import DECLARED

ACTIONS = {field.name: field.metadata[DECLARED].action for field in Mutation.__strawberry_definition__.fields}  # type: ignore[attr-defined]
NOBODY = Viewer(UUID(int=0), AccessProfile(ViewerKind.ANONYMOUS))
FOR_ANYBODY = {"request_sign_in_code", "sign_in"}


@pytest.mark.parametrize("name", sorted(ACTIONS.keys() - FOR_ANYBODY))
def test_an_action_called_by_itself_refuses_nobody_in_particular(name: str) -> None:
    with pytest.raises(NotPermitted):
        asyncio.run(ACTIONS[name](None, NOBODY, None))


def test_what_is_limited_by_its_name_is_a_mutation() -> None:
    """Or a mutation that is renamed would lose its limit."""
    mutation = REGISTRY.schema.mutation_type
    assert mutation is not None
    assert {*Settings().budget.once, *COSTS} - set(mutation.fields) == set()
