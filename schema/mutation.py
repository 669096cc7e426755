"""Everything that can be done: one mutation, one action, one transaction."""

import strawberry

from .ballots.mutations import BallotsMutation
from .consultations.mutations import ConsultationsMutation
from .governance.mutations import GovernanceMutation
from .identity.mutations import IdentityMutation
from .members.imports import ImportsMutation
from .members.mutations import MembersMutation
from .members.people import PeopleMutation
from .members.register import RegisterMutation
from .members.removals import RemovalsMutation
from .notifications.mutations import NotificationsMutation
from .organisations.mutations import OrganisationsMutation
from .partners.mutations import PartnersMutation
from .privacy.mutations import PrivacyMutation


@strawberry.type(description="Everything that can be done. A refusal is in `errors`; nothing is written then.")
class Mutation(
    IdentityMutation, OrganisationsMutation, GovernanceMutation, MembersMutation, PeopleMutation, RegisterMutation,
    RemovalsMutation, ImportsMutation, NotificationsMutation, PrivacyMutation, ConsultationsMutation, BallotsMutation,
    PartnersMutation,
):  # fmt: skip
    pass
