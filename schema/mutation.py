"""Everything that can be done: one mutation, one action, one transaction."""

import strawberry

from .consultations.mutations import ConsultationsMutation
from .governance.mutations import GovernanceMutation
from .identity.mutations import IdentityMutation
from .intake.mutations import ImportsMutation
from .membership.mutations import MembershipMutation
from .membership.removal_mutations import RemovalsMutation
from .notifications.mutations import NotificationsMutation
from .partners.mutations import PartnersMutation
from .people.mutations import PeopleMutation
from .polls.mutations import PollsMutation
from .privacy.mutations import PrivacyMutation
from .register.mutations import RegisterMutation
from .trusts.mutations import OrganisationsMutation


@strawberry.type(description="Everything that can be done. A refusal is in `errors`; nothing is written then.")
class Mutation(
    IdentityMutation, OrganisationsMutation, GovernanceMutation, MembershipMutation, PeopleMutation, RegisterMutation,
    RemovalsMutation, ImportsMutation, NotificationsMutation, PrivacyMutation, ConsultationsMutation, PollsMutation,
    PartnersMutation,
):  # fmt: skip
    pass
