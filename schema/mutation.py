"""Everything that can be done: one mutation, one action, one transaction."""

from strawberry.tools import create_type

from .consultations import mutations as consultations
from .governance import mutations as governance
from .identity import mutations as identity
from .intake import mutations as intake
from .membership import mutations as membership
from .notifications import mutations as notifications
from .partners import mutations as partners
from .people import mutations as people
from .polls import mutations as polls
from .privacy import mutations as privacy
from .register import mutations as register
from .trusts import mutations as trusts

Mutation = create_type(
    "Mutation",
    [
        *identity.MUTATIONS,
        *trusts.MUTATIONS,
        *governance.MUTATIONS,
        *membership.MUTATIONS,
        *people.MUTATIONS,
        *register.MUTATIONS,
        *intake.MUTATIONS,
        *notifications.MUTATIONS,
        *privacy.MUTATIONS,
        *consultations.MUTATIONS,
        *polls.MUTATIONS,
        *partners.MUTATIONS,
    ],
    description="Everything that can be done. A refusal is in `errors`; nothing is written then.",
)
