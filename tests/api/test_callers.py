"""Who may ask for what: every mutation, asked by every kind of caller, with something said in every field.

What is generated from the declarations is sent to the server: whoever may not ask is told so, whatever the input says, and
nothing is written; whoever may ask is answered anything but that.
"""

import enum
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from actions.action import Action
from domain.forms import Email
from domain.identity.viewer import AccessProfile, Role, Viewer, ViewerKind
from domain.refusals import NotPermitted, RefusalCode
from schema.inputs import Kind, kinds_of
from schema.mutation import Mutation
from schema.mutation_fields import DECLARED
from tests.api.test_partners import registered_app, token
from tests.conftest import Scenario
from tests.world import CARE, WESSEX, Known, World

CALLERS_FAULT = {
    each.value for each in (RefusalCode.NOT_SIGNED_IN, RefusalCode.PERSON_NEEDED, RefusalCode.NOT_PERMITTED)
}
WHAT_IS_SAID_DECIDES = {"giveConsent"}  # of another guardian or on paper it is for the officer to record
SAMPLES: Mapping[type[Any], Any] = {
    str: "x",
    int: 1,
    bool: True,
    date: "2027-01-01",
    datetime: "2027-01-01T12:00:00Z",
    Mapping: {},
}
MUTATIONS: Mapping[str, Action[Any, Any, Any]] = {
    to_camel_case(field.name): field.metadata[DECLARED].action
    for field in Mutation.__strawberry_definition__.fields  # type: ignore[attr-defined]
}


def sample(kind: Kind) -> Any:
    """A value that a field of this kind takes; ids are of the right kind, and nobody's."""
    if kind.of_each is not None:
        return [sample(kind.of_each)]
    if kind.prefix is not None:
        return f"{kind.prefix}_{uuid.uuid4()}"
    if any(isinstance(form, Email) for form in kind.forms):
        return "somebody@example.org"
    if is_dataclass(kind.python):
        return sample_input(kind.python)
    if issubclass(kind.python, enum.Enum):
        return next(iter(kind.python)).name
    return SAMPLES[kind.python]


def sample_input(command: type[Any]) -> dict[str, Any]:
    return {to_camel_case(name): sample(kind) for name, kind in kinds_of(command).items()}


def document(name: str, action: Action[Any, Any, Any]) -> tuple[str, dict[str, Any]]:
    """The mutation as a client sends it, and its variables."""
    if action.command is None:
        return f"mutation {{ {name} {{ errors {{ code path }} }} }}", {}
    kind = f"{action.command.__name__}Input!"
    text = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ errors {{ code path }} }} }}"
    return text, {"input": sample_input(action.command)}


Callers = Mapping[str, tuple[AccessProfile, Known | None]]


async def callers(world: World, app: Known) -> Callers:
    """Every kind of caller, and every office, each with a session of its own."""
    offices = {
        role.value: (AccessProfile(ViewerKind.PERSON, frozenset({role})), await world.officer(role)) for role in Role
    }
    return {
        "nobody": (AccessProfile(ViewerKind.ANONYMOUS), None),
        "applicant": (AccessProfile(ViewerKind.APPLICANT), await world.newcomer()),
        "member": (AccessProfile(ViewerKind.PERSON), (await world.member())[0]),
        **offices,
        "partner's app": (AccessProfile(ViewerKind.PARTNER), app),
    }


async def partners_app(world: World) -> Known:
    _, credentials = await registered_app(world)
    return Known(None, (await token(world, credentials)).json()["access_token"], CARE)


def refusal(action: Action[Any, Any, Any], profile: AccessProfile) -> str | None:
    """The code such a caller is refused with."""
    try:
        action.caller.check(Viewer(uuid.UUID(int=0), profile))
    except NotPermitted as refused:
        return refused.code.value
    return None


async def refusals(world: World, name: str, known: Known | None) -> list[dict[str, Any]]:
    text, variables = document(name, MUTATIONS[name])
    found: list[dict[str, Any]] = (await world.ask(text, known, **variables))[name]["errors"]
    return found


def has_field(command: type[Any] | None, path: str) -> bool:
    """Whether the input has a field of this path: `answers.1.choice`."""
    first, _, rest = path.partition(".")
    kinds = {to_camel_case(name): kind for name, kind in kinds_of(command).items()} if command else {}
    if first not in kinds:
        return False
    kind = kinds[first]
    if kind.of_each is not None:
        _, _, rest = rest.partition(".")
        kind = kind.of_each
    return not rest or has_field(kind.python, rest)


def test_every_mutation_is_for_whom_it_says_and_for_nobody_else(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        app, codes = await partners_app(world), Counter[str]()
        for name, action in MUTATIONS.items():
            asking = await callers(world, app)
            before = await world.contents()
            for who, (profile, known) in asking.items():
                errors, expected = await refusals(world, name, known), refusal(action, profile)
                codes.update([each["code"] for each in errors] or ["done"])
                after = await world.contents()
                assert not errors or after == before, f"{name} by {who} is refused and has written something"
                before = after
                if expected is not None:
                    assert errors == [{"code": expected, "path": None}], f"{name} by {who}"
                elif name not in WHAT_IS_SAID_DECIDES:
                    assert not {each["code"] for each in errors} & CALLERS_FAULT, f"{name} by {who}: {errors}"
                unknown = [
                    each["path"] for each in errors if each["path"] and not has_field(action.command, each["path"])
                ]
                assert unknown == [], f"{name} by {who}"
        print(f"{len(MUTATIONS)} mutations by {len(Role) + 4} callers: {dict(codes)}")

    in_a_world(story)


def test_no_session_reaches_into_another_trust(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        before = await world.contents()
        for role in Role:
            stranger = await world.officer(role, WESSEX)
            before = await world.contents()
            for name, action in MUTATIONS.items():
                text, variables = document(name, action)
                answer = await world.post({"query": text, "variables": variables}, trust=CARE, token=stranger.token)
                assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
                    401,
                    "UNAUTHENTICATED",
                )
            assert await world.contents() == before

    in_a_world(story)
