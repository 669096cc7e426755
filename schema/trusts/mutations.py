"""Schools joining, leaving and converting."""

from actions.trusts import schools

from ..mutation_fields import mutation
from .types import School

MUTATIONS = (
    mutation(schools.affiliate_school, School),
    mutation(schools.end_affiliation, School),
    mutation(schools.convert_school, School),
)
