"""Where people are reached, and what the register shows of an address, in SQL."""

from domain.people.guardians import IS_SHOWN_AT_SCHOOL

from .conditions import Places, predicate

# Children, and learners of whom no date of birth is known, are reached at their school: by letter, and on what is shown
# of the register. Over a person `p` and a membership `m`, with LEARNERS_SCHOOL joined to both.
LEARNERS_SCHOOL = (
    "left join lateral (select r.school_id from relationship r where r.trust_id = $1 and r.person_id = p.id"
    " and r.kind = 'LEARNER' and r.school_id is not null order by r.since desc limit 1) l on true"
)
PLACES: Places = {"born": "p.date_of_birth", "learners_school": "l.school_id"}
AT_THE_SCHOOL = predicate(IS_SHOWN_AT_SCHOOL, PLACES)
# Whose `l` and `m` name different schools learns at the first: letters go there. The register shows the school of the
# membership it is about.
SCHOOL_ADDRESS = "concat_ws(', ', s.name, s.street, s.locality, s.town, s.postcode)"  # of a school `s`
