"""The statuses of memberships as SQL lists them."""

from domain.membership import lifecycle

from ..columns import listed

OPEN = listed(lifecycle.OPEN_STATUSES)
CURRENT = listed(lifecycle.CURRENT)  # the statuses of members
NEVER_SENT = listed(lifecycle.NEVER_SENT)
ENDED = listed(lifecycle.ENDED)
REGISTERED = listed(lifecycle.CURRENT | lifecycle.ENDED)
