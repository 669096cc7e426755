"""What came back."""

from actions.notifications import notices

from ..mutation_fields import mutation
from .types import Notice

MUTATIONS = (mutation(notices.record_bounce, Notice),)
