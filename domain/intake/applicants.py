"""Whether an application will follow from the yes of somebody in a file, as far as a dry run can tell (rules 2c, 3c and 6)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from ..conditions import Facts
from ..governance.qualification import RelationshipKind
from ..governance.rulesets import Ruleset
from ..membership.eligibility import IS_ALIVE, EligibilityReason, PersonFacts, obstacles
from ..people.matching import completed
from ..people.relationships import Relationship, RelationshipSource
from .file_rows import FileRow, PersonOnRecord
from .importing import Finding
from .relationships import changes

NOBODY = PersonFacts(born=None, relationships=())
_FINDINGS = {
    EligibilityReason.DATE_OF_BIRTH_NEEDED: Finding.DATE_OF_BIRTH_NEEDED,
    EligibilityReason.TOO_YOUNG: Finding.TOO_YOUNG,
    EligibilityReason.GUARDIAN_CONSENT_NEEDED: Finding.GUARDIAN_CONSENT_NEEDED,
    EligibilityReason.CONSTITUENCY_CLOSES: Finding.CONSTITUENCY_CLOSES,
}


def facts_with(
    facts: PersonFacts,
    person: PersonOnRecord | None,
    rows: Sequence[FileRow],
    own_schools: Collection[int],
    exported_on: date,
) -> PersonFacts:
    """What will be known of somebody when these rows of a file of that day are applied to what is known: `facts`, of the
    `person` where they are on record. `own_schools` are those that belong to the trust."""
    known = person.relationships if person else ()
    added = changes([row.reading for row in rows], known, exported_on).added
    counting = [each for each in added if each.urn is None or each.urn in own_schools]  # rule 22e
    by_a_school = RelationshipSource.SCHOOL_SYSTEM
    born = completed(rows[0].particulars, [row.particulars for row in rows]).born
    return replace(
        facts,
        born=facts.born or (date.fromisoformat(born) if born else None),
        relationships=(
            *facts.relationships,
            *(Relationship(RelationshipKind.named(each.kind), exported_on, None, by_a_school) for each in counting),
        ),
    )


def why_none_applies(ruleset: Ruleset, facts: PersonFacts, day: date) -> list[Finding]:
    """Why no application of theirs can follow on the day, by the constituencies their relationships are for; nothing where
    one can."""
    if not IS_ALIVE.evaluate(Facts(facts)):
        return [Finding.CANNOT_APPLY]
    found = [set(obstacles(ruleset, rule, facts, day)) for rule in ruleset.constituencies.values()]
    if not all(found):
        return []
    reasons = set().union(*(each for each in found if EligibilityReason.NO_RELATIONSHIP not in each))
    return [Finding.CANNOT_APPLY, *(finding for reason, finding in _FINDINGS.items() if reason in reasons)]
