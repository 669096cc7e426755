"""Applying an import."""

from actions.intake import applying

from ..mutation_fields import mutation
from .types import Import

MUTATIONS = (mutation(applying.apply_import, Import, name="import_job"),)
