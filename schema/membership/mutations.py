"""Applying, and what becomes of an application and of a membership."""

from actions.membership import (
    applications,
    children,
    conversions,
    decisions,
    memberships,
    merging,
    organisations,
    removals,
)

from ..mutation_fields import mutation
from ..people.types import Organisation, Person, PersonMerge
from .types import Member, Removal

MUTATIONS = (
    mutation(applications.apply_for_membership, Member),
    mutation(applications.change_application, Member),
    mutation(applications.submit_application, Member),
    mutation(applications.withdraw_application, Member),
    mutation(decisions.review_application, Member),
    mutation(decisions.admit_member, Member),
    mutation(decisions.refuse_member, Member),
    mutation(conversions.request_conversion, Member),
    mutation(children.register_child, Member),
    mutation(organisations.apply_for_organisation, Member),
    mutation(memberships.resign_membership, Member),
    mutation(memberships.suspend_member, Member),
    mutation(memberships.end_suspension, Member),
    mutation(memberships.record_death, Person),
    mutation(memberships.dissolve_organisation, Organisation),
    mutation(merging.merge_people, PersonMerge),
    mutation(merging.undo_merge, PersonMerge),
    mutation(removals.propose_removal, Removal),
    mutation(removals.state_case, Removal),
    mutation(removals.decide_removal, Removal),
    mutation(removals.appeal_removal, Removal),
    mutation(removals.decide_appeal, Removal),
)
