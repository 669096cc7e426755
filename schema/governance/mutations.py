"""Changing the rules."""

from actions.governance import rulesets

from ..mutation_fields import mutation
from .types import Ruleset

MUTATIONS = (mutation(rulesets.adopt_ruleset, Ruleset),)
