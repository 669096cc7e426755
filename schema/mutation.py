"""Everything that can be done: one mutation, one action, one transaction."""

import strawberry

from .ballots.mutations import BallotsMutation
from .consultations.mutations import ConsultationsMutation
from .identity.mutations import IdentityMutation
from .members.mutations import MembersMutation
from .partners.mutations import PartnersMutation


@strawberry.type(description="Everything that can be done. A refusal is in `errors`; nothing is written then.")
class Mutation(IdentityMutation, MembersMutation, ConsultationsMutation, BallotsMutation, PartnersMutation):
    pass
