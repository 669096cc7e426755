"""Everything that can be done: one mutation, one action, one transaction."""

from typing import Any

from strawberry.tools import create_type

from .consultations.mutations import ConsultationsMutation
from .governance.mutations import GovernanceMutation
from .identity.mutations import IdentityMutation
from .intake.mutations import ImportsMutation
from .membership.mutations import MembershipMutation
from .membership.removal_mutations import RemovalsMutation
from .notifications.mutations import NotificationsMutation
from .partners.mutations import PartnersMutation
from .people.mutations import PeopleMutation
from .polls import mutations as polls
from .privacy.mutations import PrivacyMutation
from .register.mutations import RegisterMutation
from .trusts.mutations import OrganisationsMutation

OLD: Any = (
    IdentityMutation, OrganisationsMutation, GovernanceMutation, MembershipMutation, PeopleMutation, RegisterMutation,
    RemovalsMutation, ImportsMutation, NotificationsMutation, PrivacyMutation, ConsultationsMutation, PartnersMutation,
)  # fmt: skip
Mutation = create_type(
    "Mutation",
    [field for each in OLD for field in each.__strawberry_definition__.fields] + [*polls.MUTATIONS],
    description="Everything that can be done. A refusal is in `errors`; nothing is written then.",
)
