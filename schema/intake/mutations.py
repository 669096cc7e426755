"""Applying an import, and resolving rows of it."""

from actions.intake import applying, resolving

from ..mutation_fields import mutation
from .types import Import, ImportRow

MUTATIONS = (
    mutation(applying.apply_import, Import, name="import_job"),
    mutation(resolving.resolve_import_row, ImportRow),
)
