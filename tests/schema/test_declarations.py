"""What must hold for every type, field and argument of the schema."""

import itertools
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    get_named_type,
    is_specified_scalar_type,
    parse,
    validate,
)

from domain.identity.viewer import AccessProfile, Role, Scope, ViewerKind
from planner import ALWAYS, NEVER
from planner.bindings import AnyNode, Lookup, PayloadNode, Scalar, ToMany, ToOne
from planner.fields import PlannedField
from schema.access import P3, Sensitivity
from schema.build import REGISTRY

ABOUT_NOBODY = {
    *("Trust", "TrustContact", "Viewer", "Eligibility", "Ruleset", "Constituency", "ConstituencyRule", "Partner"),
    *("School", "SchoolLink", "Affiliation", "MemberCount", "SchoolMemberCount", "MonthlyCount"),
    *("Consultation", "ConsultationAction", "ConsultationQuestion", "ConsultationSchool", "ConsultationTotal"),
    *(
        "Poll",
        "Contest",
        "ContestConstituency",
        "Declaration",
        "ChoiceTotal",
        "Turnout",
        "Count",
        "CountComparison",
        "CountStage",
        "CountTie",
        "CountTransfer",
    ),
    *("CountVotes", "RejectedPapers"),
}
PROFILES = [
    *(AccessProfile(kind) for kind in ViewerKind),
    AccessProfile(ViewerKind.PARTNER, scopes=frozenset(Scope)),
    *(AccessProfile(ViewerKind.PARTNER, scopes=frozenset({scope})) for scope in Scope),
    *(AccessProfile(ViewerKind.PERSON, roles=frozenset(roles)) for roles in itertools.combinations(Role, 1)),
    AccessProfile(ViewerKind.PERSON, roles=frozenset(Role)),
]
OPERATIONS = sorted((Path(__file__).parents[2] / "docs" / "operations").glob("*.graphql"))


def test_everything_has_a_description() -> None:
    missing = []
    for name, kind in REGISTRY.schema.type_map.items():
        if name.startswith("__") or not isinstance(
            kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType | GraphQLEnumType
        ):
            continue
        if not kind.description:
            missing.append(name)
        if isinstance(kind, GraphQLEnumType):
            missing += [f"{name}.{value}" for value, each in kind.values.items() if not each.description]
            continue
        for field_name, each in kind.fields.items():
            if not each.description:
                missing.append(f"{name}.{field_name}")
            arguments = getattr(each, "args", {})
            missing += [
                f"{name}.{field_name}({argument})"
                for argument, one in arguments.items()
                if not one.description and argument != "input"
            ]
    assert missing == []


def test_every_scalar_of_ours_says_where_it_is_specified() -> None:
    scalars = [
        kind
        for kind in REGISTRY.schema.type_map.values()
        if isinstance(kind, GraphQLScalarType) and not is_specified_scalar_type(kind)
    ]
    assert {each.name for each in scalars} == {"Date", "DateTime", "Decimal", "EmailAddress", "JSON", "Sha256"}
    assert [each.name for each in scalars if not (each.specified_by_url or "").startswith("https://")] == []
    assert [each.name for each in scalars if not each.description] == []


def test_only_evidence_kept_whole_is_json() -> None:
    """Whatever else is JSON is something that a client would have to guess."""
    paths = {
        f"{name}.{field}"
        for name, kind in REGISTRY.schema.type_map.items()
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType)
        for field, each in kind.fields.items()
        if get_named_type(each.type).name == "JSON"
    }
    assert paths == {"AdoptRulesetInput.rules", "Declaration.pack", "ImportRow.cells", "Ruleset.rules"}


def test_a_mailbox_is_the_same_scalar_wherever_it_goes_in_or_out() -> None:
    kinds = {
        f"{name}.{field}": get_named_type(each.type).name
        for name, kind in REGISTRY.schema.type_map.items()
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType)
        for field, each in kind.fields.items()
        if field == "email"
    }
    assert set(kinds) == {
        "CorrectedRowInput.email",
        "ImportRowReading.email",
        "CorrectPersonInput.email",
        "InspectionRequest.email",
        "Person.email",
        "PersonFilter.email",
        "RequestSignInCodeInput.email",
        "TrustContact.email",
    }
    assert set(kinds.values()) == {"EmailAddress"}


def test_every_field_of_a_read_type_is_a_declaration_with_a_class() -> None:
    for name, declared in REGISTRY.types.items():
        assert isinstance(declared.sensitivity, Sensitivity), f"{name} declares no class for its fields"
        kind = REGISTRY.schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        for field_name in kind.fields:
            field = REGISTRY.fields.get((name, field_name))
            assert field is not None, f"{name}.{field_name} is a resolver"
            assert (field.sensitivity or declared.sensitivity) in declared.field_policies, (
                f"nobody can read {name}.{field_name}"
            )


def is_hidden(type_name: str, field: PlannedField, promised: GraphQLOutputType, profile: AccessProfile) -> bool:
    """Whether somebody of this profile who sees the object may get null for this field of it."""
    parent = REGISTRY.types.get(type_name)  # a query and a payload are of nobody
    if parent is not None:
        rows = parent.row_policy(profile)
        if rows == NEVER:
            return False
        if parent.may_read(field.sensitivity, profile) not in (ALWAYS, rows):
            return True
    match field.binding:
        case ToOne() | Lookup() | PayloadNode():
            return REGISTRY.types[get_named_type(promised).name].row_policy(profile) != ALWAYS
        case ToMany():
            return REGISTRY.types[get_named_type(promised).name].row_policy(profile) == NEVER
        case AnyNode():
            return True
        case _:
            return False


def test_what_somebody_may_not_see_is_nullable() -> None:
    """Otherwise an absent value would be where the schema promises one."""
    for (type_name, field_name), field in REGISTRY.fields.items():
        kind = REGISTRY.schema.type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)
        promised = kind.fields[field_name].type
        if isinstance(promised, GraphQLNonNull):
            hidden_from = [profile for profile in PROFILES if is_hidden(type_name, field, promised, profile)]
            assert hidden_from == [], f"{type_name}.{field_name}"


def test_what_sql_may_leave_out_is_nullable() -> None:
    for (type_name, field_name), field in REGISTRY.fields.items():
        kind = REGISTRY.schema.type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)
        may_be_null = (
            field.binding.nullable
            if isinstance(field.binding, Scalar)
            else (isinstance(field.binding, ToMany) and field.binding.exists != ALWAYS)
        )
        if may_be_null:
            assert not isinstance(kind.fields[field_name].type, GraphQLNonNull), f"{type_name}.{field_name}"


def test_every_list_that_can_grow_is_narrowed_and_ordered() -> None:
    """Partners are few; votes of a division are looked for by what they say, and their voters' names are no column."""
    connections = {
        f"{name}.{field}": set(each.args)
        for name, kind in REGISTRY.schema.type_map.items()
        if isinstance(kind, GraphQLObjectType)
        for field, each in kind.fields.items()
        if get_named_type(each.type).name.endswith("Connection")
    }
    assert len(connections) > 12
    without = {path for path, arguments in connections.items() if not {"filter", "orderBy"} <= arguments}
    assert without == {"Query.partners", "Contest.recordedVotes"}
    assert [
        path for path, arguments in connections.items() if not {"first", "after", "last", "before"} <= arguments
    ] == []


def test_the_paths_to_safeguarding_fields_are_these() -> None:
    paths = {
        f"{type_name}.{field_name}"
        for (type_name, field_name), field in REGISTRY.fields.items()
        if type_name in REGISTRY.types and (field.sensitivity or REGISTRY.types[type_name].sensitivity) is P3
    }

    guardianship = {f"Guardianship.{name}" for name in ("child", "guardian", "since", "until", "source", "evidence")}
    consent = {f"GuardianConsent.{name}" for name in ("source", "since", "until", "guardian")}
    person = {f"Person.{name}" for name in ("dateOfBirth", "ageBand", "guardians", "consents")}
    row = {f"{name}.{field}" for name, field in REGISTRY.fields if name in ("ImportRow", "ImportRowReading")}
    assert paths == guardianship | consent | person | row


@pytest.mark.parametrize(
    "profile",
    [s for s in PROFILES if s.kind is ViewerKind.PARTNER],
    ids=lambda profile: "+".join(sorted(scope.value for scope in profile.scopes)) or "no scope",
)
def test_no_partner_reads_anything_about_a_person(profile: AccessProfile) -> None:
    """What a new type tells is for partners only once somebody has said here that it is about nobody."""
    seen = {name for name, declared in REGISTRY.types.items() if declared.row_policy(profile) != NEVER}
    assert seen <= ABOUT_NOBODY


def test_every_mutation_takes_an_idempotency_key_unless_it_hands_out_a_secret() -> None:
    mutation = REGISTRY.schema.mutation_type
    assert mutation is not None
    secret = {"requestSignInCode", "signIn", "signOut", "registerApp"}
    for name, field in mutation.fields.items():
        inputs = [
            argument.type.of_type for argument in field.args.values() if isinstance(argument.type, GraphQLNonNull)
        ]
        has_key = any("idempotencyKey" in kind.fields for kind in inputs if isinstance(kind, GraphQLInputObjectType))
        assert has_key != (name in secret), name


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_the_published_operations_fit_the_schema(path: Path) -> None:
    assert validate(REGISTRY.schema, parse(path.read_text())) == []


def test_there_are_operations_to_check() -> None:
    assert len(OPERATIONS) > 20
