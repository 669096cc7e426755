"""Files of people that schools send: what becomes of a file and of each of its rows (rule 22a)."""

from ..described import DescribedEnum


class ImportKind(DescribedEnum):
    """The form of a file."""

    REGISTRATION = "REGISTRATION", "A registration file as a school office exports it (CSV, one person a row)."
    ONEROSTER = "ONEROSTER", "A delta from a school's information system (OneRoster 1.1 CSV in a ZIP file)."


class ImportStatus(DescribedEnum):
    """How far an import has come."""

    UPLOADED = "UPLOADED", "Read; being checked."
    CHECKED = "CHECKED", "Every row is classified; nothing is applied. This is the dry run."
    APPLYING = "APPLYING", "Being applied; what is done stays done if it is interrupted, and it goes on."
    APPLIED = "APPLIED", "Applied."
    FAILED = "FAILED", "Could not be read or applied to its end; what was applied stays. The server's log says why."
    ABANDONED = "ABANDONED", "Checked, and applied by nobody for as long as the rules keep its rows; they are gone."


APPLYING = frozenset({ImportStatus.APPLYING})
WAITS_FOR_THE_WORKER = APPLYING | {ImportStatus.UPLOADED}
WAITS_FOR_AN_OFFICER = frozenset({ImportStatus.CHECKED})
TAKES_RESOLUTIONS = frozenset({ImportStatus.CHECKED, ImportStatus.APPLIED})
ENDED = frozenset(ImportStatus) - WAITS_FOR_THE_WORKER - WAITS_FOR_AN_OFFICER  # the time of its rows runs (rule 26c)


class RowOutcome(DescribedEnum):
    """What becomes of a row."""

    NEW = "NEW", "Somebody not on record yet."
    UPDATE = "UPDATE", "Somebody on record, or further up in the file, with something new."
    UNCHANGED = "UNCHANGED", "Somebody on record, with nothing new."
    DUPLICATE = "DUPLICATE", "Says again what an earlier row said."
    NEEDS_HUMAN = "NEEDS_HUMAN", "Can't be decided by rule; left out until somebody looks."
    REFUSED = "REFUSED", "Can't be used; left out."


TO_APPLY = frozenset({RowOutcome.NEW, RowOutcome.UPDATE})


class Finding(DescribedEnum):
    """What was noticed in a row. `settles` is what it makes of the row, if anything."""

    settles: RowOutcome | None

    def __new__(cls, value: str, description: str, settles: RowOutcome | None = None) -> "Finding":
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        member.settles = settles
        return member

    EMPTY_ROW = "EMPTY_ROW", "Nothing but commas.", RowOutcome.REFUSED
    TEST_ROW = "TEST_ROW", "A row somebody tried the form with.", RowOutcome.REFUSED
    ROW_MALFORMED = "ROW_MALFORMED", "More or fewer cells than the header has.", RowOutcome.REFUSED
    # names
    FORMULA_TEXT = "FORMULA_TEXT", "A name that a spreadsheet would run as a formula.", RowOutcome.NEEDS_HUMAN
    NAME_MISSING = "NAME_MISSING", "No name.", RowOutcome.REFUSED
    NAME_SINGLE = "NAME_SINGLE", "One name only.", RowOutcome.NEEDS_HUMAN
    NAME_IN_ONE_CELL = "NAME_IN_ONE_CELL", "The whole name stands in one cell.", RowOutcome.NEEDS_HUMAN
    NAME_TITLE = "NAME_TITLE", "A title among the names.", RowOutcome.NEEDS_HUMAN
    NAME_COUPLE = "NAME_COUPLE", "Two people in one row.", RowOutcome.NEEDS_HUMAN
    NAME_DECOMPOSED = "NAME_DECOMPOSED", "Letters and accents apart (NFD); put together."
    NAME_MOJIBAKE = "NAME_MOJIBAKE", "Letters garbled by a wrong encoding.", RowOutcome.NEEDS_HUMAN
    NAME_UNREADABLE = "NAME_UNREADABLE", "A name without letters, or one that lost some (?).", RowOutcome.NEEDS_HUMAN
    NAME_INVISIBLE = "NAME_INVISIBLE", "Spaces nobody sees; removed."
    NAME_NOT_LATIN = "NAME_NOT_LATIN", "A name in another script; kept as it is."
    # how they stand to the school
    ROLE_MISSING = "ROLE_MISSING", "No role.", RowOutcome.NEEDS_HUMAN
    ROLE_UNKNOWN = "ROLE_UNKNOWN", "A role that qualifies for nothing.", RowOutcome.NEEDS_HUMAN
    ROLE_OF_ORGANISATION = (
        "ROLE_OF_ORGANISATION",
        "Speaks for an organisation, which applies itself.",
        RowOutcome.NEEDS_HUMAN,
    )
    ROLE_COMBINED = "ROLE_COMBINED", "Two roles in one cell; both taken."
    LEARNER = "LEARNER", "A learner."
    SCHOOL_MISSING = "SCHOOL_MISSING", "No school where the role needs one.", RowOutcome.NEEDS_HUMAN
    SCHOOL_BY_URN = "SCHOOL_BY_URN", "The school is given by its number."
    SCHOOL_BY_NAME = "SCHOOL_BY_NAME", "The school is given by its exact name."
    SCHOOL_ABBREVIATED = "SCHOOL_ABBREVIATED", "The school's name is shortened, and clear all the same."
    SCHOOL_PREDECESSOR = "SCHOOL_PREDECESSOR", "The number is that of the school's predecessor; the successor is taken."
    SCHOOL_SEVERAL = "SCHOOL_SEVERAL", "Two schools in one cell; both taken."
    SCHOOL_LAESTAB = "SCHOOL_LAESTAB", "A local authority's number instead of a URN.", RowOutcome.NEEDS_HUMAN
    SCHOOL_UNKNOWN_URN = "SCHOOL_UNKNOWN_URN", "No school has that number.", RowOutcome.REFUSED
    SCHOOL_UNKNOWN = "SCHOOL_UNKNOWN", "No school, or more than one, has such a name.", RowOutcome.REFUSED
    SCHOOL_OF_ANOTHER_TRUST = "SCHOOL_OF_ANOTHER_TRUST", "A school that is not of this trust.", RowOutcome.REFUSED
    YEAR_GROUP_UNKNOWN = "YEAR_GROUP_UNKNOWN", "A year group nobody can read; left out."
    YEAR_GROUP_LOWER = (
        "YEAR_GROUP_LOWER",
        "A lower year group than is known of the learner.",
        RowOutcome.NEEDS_HUMAN,
    )
    RELATIONSHIP_ENDED_SINCE = (
        "RELATIONSHIP_ENDED_SINCE",
        "Tells of a relationship that ended on the day of the file or since, or is known since to have ended.",
        RowOutcome.NEEDS_HUMAN,
    )
    YEAR_ENDED_SINCE = (
        "YEAR_ENDED_SINCE",
        "A year group of before the school's year was ended.",
        RowOutcome.NEEDS_HUMAN,
    )
    DAY_UNUSABLE = (
        "DAY_UNUSABLE",
        "An end on a day that does not exist, can't be read or lies in no century of ours.",
        RowOutcome.NEEDS_HUMAN,
    )
    # age
    BIRTH_DATE_UNUSABLE = (
        "BIRTH_DATE_UNUSABLE",
        "A date of birth that does not exist or can't be read.",
        RowOutcome.NEEDS_HUMAN,
    )
    BIRTH_DATE_MISSING = "BIRTH_DATE_MISSING", "A learner without a date of birth.", RowOutcome.NEEDS_HUMAN
    AGE_CONTRADICTS = (
        "AGE_CONTRADICTS",
        "The date of birth does not go with the role or the year group.",
        RowOutcome.NEEDS_HUMAN,
    )
    BELOW_DIGITAL_CONSENT = "BELOW_DIGITAL_CONSENT", "A child below the age of digital consent."
    FROM_DIGITAL_CONSENT = "FROM_DIGITAL_CONSENT", "A learner of the age of digital consent or older."
    GUARDIAN_CONSENT_NEEDED = "GUARDIAN_CONSENT_NEEDED", "Put on record; a guardian has to apply."
    # contact
    EMAIL_INVALID = "EMAIL_INVALID", "Not an e-mail address; left out."
    EMAIL_SEVERAL = "EMAIL_SEVERAL", "More than one e-mail address in the cell; the first is taken."
    EMAIL_MISSING = "EMAIL_MISSING", "No e-mail address."
    PHONE_ODD = "PHONE_ODD", "Not a mobile number; left out unless it is a telephone number."
    PHONE_INTERNATIONAL = "PHONE_INTERNATIONAL", "A number that begins with +, rightly."
    POSTCODE_ODD = "POSTCODE_ODD", "Not a whole postcode; left out."
    SHARED_MAILBOX = "SHARED_MAILBOX", "Shares a mailbox with somebody else; two people."
    # consent
    CONSENT_REFUSED = "CONSENT_REFUSED", "Said no.", RowOutcome.REFUSED
    CONSENT_UNCLEAR = "CONSENT_UNCLEAR", "No yes in writing: blank, verbal or to be confirmed.", RowOutcome.NEEDS_HUMAN
    APPLICANT_REFUSES = (
        "APPLICANT_REFUSES",
        "Said no since they applied: their application is taken up for a closer look.",
    )
    MEMBER_REFUSES = "MEMBER_REFUSES", "Said no, and is a member: leaving is for them to say."
    APPLIES = "APPLIES", "Nothing new but a yes in writing: an application follows from it."
    CANNOT_APPLY = "CANNOT_APPLY", "A yes in writing, and no constituency is open to them yet: no application follows."
    DATE_OF_BIRTH_NEEDED = (
        "DATE_OF_BIRTH_NEEDED",
        "Can't apply: the constituency asks for an age and no date of birth is known.",
    )
    TOO_YOUNG = "TOO_YOUNG", "Can't apply: younger than the constituency's age of joining."
    CONSTITUENCY_CLOSES = (
        "CONSTITUENCY_CLOSES",
        "Can't apply: rules adopted for a later day no longer have the constituency.",
    )
    # who it is
    EXACT_DUPLICATE = "EXACT_DUPLICATE", "The very row again."
    NEAR_DUPLICATE = "NEAR_DUPLICATE", "The same person, written a little differently."
    ANOTHER_RELATIONSHIP = "ANOTHER_RELATIONSHIP", "The same person with another child, school or role."
    BIRTH_DATE_NOT_COMPARED = (
        "BIRTH_DATE_NOT_COMPARED",
        "Perhaps somebody known already: of one of the two no date of birth is known, or by their own word alone.",
    )
    BIRTH_DATE_CONTRADICTS = "BIRTH_DATE_CONTRADICTS", "The school's identifier says one person, the date of birth two."
    NAME_CONTRADICTS = "NAME_CONTRADICTS", "The school's identifier says one person, the name another."
    NAME_WRITTEN_OTHERWISE = (
        "NAME_WRITTEN_OTHERWISE",
        "Perhaps somebody known already, whose name is written in full, with an initial or the other way round.",
    )
    PHONE_CONTRADICTS = "PHONE_CONTRADICTS", "Perhaps somebody known already, with another telephone number."
    KIND_CONTRADICTS = (
        "KIND_CONTRADICTS",
        "Perhaps somebody known already; but one is a learner, and the other on the staff or a parent.",
    )
    YEAR_GROUP_CONTRADICTS = (
        "YEAR_GROUP_CONTRADICTS",
        "Perhaps the learner of another row, who is in another year group there.",
    )
    NOTHING_ELSE_AGREES = (
        "NOTHING_ELSE_AGREES",
        "Perhaps somebody known already, of that name and date of birth; but whatever else is known differs.",
    )
    SEVERAL_ALIKE = "SEVERAL_ALIKE", "Perhaps somebody known already: more than one person might be meant."
    MAYBE_THE_SAME = "MAYBE_THE_SAME", "Perhaps somebody known already: too little to tell.", RowOutcome.NEEDS_HUMAN
    PERSON_GONE = (
        "PERSON_GONE",
        "Since the check, whom it was of was erased, or became doubtful by another row.",
        RowOutcome.NEEDS_HUMAN,
    )
    MEMBER_ERASED = (
        "MEMBER_ERASED",
        "Bears the name of a former member who was erased; no file brings them back, they apply themself.",
        RowOutcome.NEEDS_HUMAN,
    )
    NAMESAKE = "NAMESAKE", "Of the same name as somebody else, and another person."
    TWIN = "TWIN", "Same family name, birthday and school as somebody else: another person."
    CONSENT_CONTRADICTS = (
        "CONSENT_CONTRADICTS",
        "Said yes, and in another row no, or somebody did who may be the same person.",
        RowOutcome.NEEDS_HUMAN,
    )
    CONSENT_REFUSED_SINCE = (
        "CONSENT_REFUSED_SINCE",
        "Said yes, and no in another file of that day or later, or somebody did who may be the same person.",
        RowOutcome.NEEDS_HUMAN,
    )
    # deltas
    IDENTIFIER_OF_ANOTHER = (
        "IDENTIFIER_OF_ANOTHER",
        "The school's system calls somebody of another name, or born on another day, by the same identifier.",
        RowOutcome.NEEDS_HUMAN,
    )
    IDENTIFIER_LEARNED = "IDENTIFIER_LEARNED", "Somebody on record whom the school's system calls so from now on."
    OLDER_THAN_KNOWN = (
        "OLDER_THAN_KNOWN",
        "Would change what a newer file of the same school's system told of the person.",
        RowOutcome.NEEDS_HUMAN,
    )
    ORG = "ORG", "A school of the delta; nothing to apply.", RowOutcome.UNCHANGED
    USER_UNKNOWN = (
        "USER_UNKNOWN",
        "An enrolment, or a removal, of somebody the system has not told of.",
        RowOutcome.REFUSED,
    )
    ENROLMENT_ENDED = "ENROLMENT_ENDED", "The enrolment has ended; the relationship ends."
    FAMILY_LEAVES = "FAMILY_LEAVES", "A learner with a family at the school, who leave with the last of their learners."
    USER_REMOVED = "USER_REMOVED", "The system has removed the person; what they were to the school ends."


BY_A_FILE = "import"  # the reason of an application that follows from a file
# of a row by which nobody applies, whatever the other rows of the same person say
NO_CONSENT = frozenset({Finding.CONSENT_REFUSED, Finding.CONSENT_CONTRADICTS, Finding.CONSENT_REFUSED_SINCE})


class Resolution(DescribedEnum):
    """What somebody said of a row that needed a human."""

    SAME = "SAME", "Of somebody known already, on record or in another row."
    SOMEBODY_ELSE = "SOMEBODY_ELSE", "Of nobody known already: a person of their own."
    CORRECTED = "CORRECTED", "Corrected, and clear since."
    REFUSED = "REFUSED", "Left out for good."


def settled(findings: list[Finding]) -> RowOutcome | None:
    """What the findings make of a row: refused before left to a human before anything else."""
    outcomes = {finding.settles for finding in findings}
    for outcome in (RowOutcome.REFUSED, RowOutcome.NEEDS_HUMAN, RowOutcome.UNCHANGED):
        if outcome in outcomes:
            return outcome
    return None
