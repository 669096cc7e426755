"""Types that refer to each other are named here and resolved once all are known."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from .governance.types import Constituency, Ruleset
    from .membership.types import Member, Removal
    from .people.types import Organisation, Person
    from .polls.contests import Contest
    from .polls.types import Poll
    from .privacy.types import OverdueRecords
    from .register.types import RegisterLine

AnyPoll: TypeAlias = Annotated["Poll", strawberry.lazy("schema.polls.types")]
AnyContest: TypeAlias = Annotated["Contest", strawberry.lazy("schema.polls.contests")]
AnyConstituency: TypeAlias = Annotated["Constituency", strawberry.lazy("schema.governance.types")]
AnyMember: TypeAlias = Annotated["Member", strawberry.lazy("schema.membership.types")]
AnyOrganisation: TypeAlias = Annotated["Organisation", strawberry.lazy("schema.people.types")]
AnyOverdueRecords: TypeAlias = Annotated["OverdueRecords", strawberry.lazy("schema.privacy.types")]
AnyPerson: TypeAlias = Annotated["Person", strawberry.lazy("schema.people.types")]
AnyRegisterLine: TypeAlias = Annotated["RegisterLine", strawberry.lazy("schema.register.types")]
AnyRemoval: TypeAlias = Annotated["Removal", strawberry.lazy("schema.membership.types")]
AnyRuleset: TypeAlias = Annotated["Ruleset", strawberry.lazy("schema.governance.types")]
