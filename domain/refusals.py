"""A refusal is an answer, not an accident: a stable code, a sentence and the input field it is about."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .described import DescribedEnum


class RefusalCode(DescribedEnum):
    """Every code a client may meet in `errors { code }`. Codes are never renamed."""

    # identity
    NOT_SIGNED_IN = "NOT_SIGNED_IN", "This needs a signed-in person."
    PERSON_NEEDED = (
        "PERSON_NEEDED",
        "This mailbox belongs to nobody on record yet: say who you are (registerPerson), or apply.",
    )
    NOT_PERMITTED = "NOT_PERMITTED", "The caller holds no role that may do this."
    NOT_FOUND = "NOT_FOUND", "There is no such thing here, or it is not yours to see."
    EMAIL_INVALID = "EMAIL_INVALID", "That is not one e-mail address."
    CODE_WRONG = "CODE_WRONG", "The sign-in code is wrong, used, expired or was asked for elsewhere."
    TOO_MANY_CODES = "TOO_MANY_CODES", "Too many sign-in codes were asked for; wait an hour."
    TOO_MANY_TRIES = "TOO_MANY_TRIES", "Too many wrong sign-in codes were tried from where you are; wait an hour."
    PERSON_CHOICE_NEEDED = "PERSON_CHOICE_NEEDED", "Several people share this mailbox: say who you are."
    SIGNED_IN_AS_ANOTHER = (
        "SIGNED_IN_AS_ANOTHER",
        "You are signed in as somebody else: sign in as another person, or ask the membership officer to correct the record.",
    )
    ROLE_ALREADY_HELD = "ROLE_ALREADY_HELD", "The person holds this role already."
    # input
    INPUT_INVALID = "INPUT_INVALID", "A value is missing, too long or of the wrong form."
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED", "This idempotency key was used for another request."
    # members
    CONSENT_REQUIRED = "CONSENT_REQUIRED", "Membership needs the applicant's consent to the trust's articles."
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN", "The applicant has withdrawn the application."
    NOT_ELIGIBLE = "NOT_ELIGIBLE", "No relationship given qualifies for this constituency."
    TOO_YOUNG = "TOO_YOUNG", "Younger than the trust's rules allow on the relevant date."
    ALREADY_A_MEMBER = "ALREADY_A_MEMBER", "The person has an open membership or application in this trust already."
    APPLICATION_NOT_OPEN = "APPLICATION_NOT_OPEN", "The application was sent or decided already, or was never sent."
    APPLICATION_SENT = "APPLICATION_SENT", "The application has been sent: withdraw it, and apply anew."
    OWN_APPLICATION = "OWN_APPLICATION", "Nobody decides on their own application."
    MEMBERSHIP_NOT_OPEN = "MEMBERSHIP_NOT_OPEN", "The membership is not open."
    MINUTE_NEEDED = "MINUTE_NEEDED", "A decision of a body needs the minute or reference it stands in."
    GUARDIAN_CONSENT_NEEDED = "GUARDIAN_CONSENT_NEEDED", "At this age a guardian's consent is needed first."
    ANOTHER_CONSTITUENCY_FIRST = (
        "ANOTHER_CONSTITUENCY_FIRST",
        "The rules put this person in another constituency first.",
    )
    CONSTITUENCY_CLOSES = "CONSTITUENCY_CLOSES", "Rules adopted for a later day no longer have this constituency."
    RELATIONSHIP_ENDED = "RELATIONSHIP_ENDED", "The relationship has ended already."
    OWN_GUARDIAN = "OWN_GUARDIAN", "Nobody is their own guardian."
    NO_CHILD = "NO_CHILD", "Not known to be of an age at which a guardian answers."
    NOT_A_GUARDIAN = "NOT_A_GUARDIAN", "The caller is not this child's guardian."
    NOT_AUTHORISED = "NOT_AUTHORISED", "The caller does not represent this organisation today."
    AUTHORISATION_ENDED = "AUTHORISATION_ENDED", "The authorisation has ended already."
    REMOVAL_OPEN = "REMOVAL_OPEN", "The removal of this member is being decided already."
    REMOVAL_UNDER_WAY = (
        "REMOVAL_UNDER_WAY",
        "While a removal of the member is open, this has to wait for what comes of it.",
    )
    REMOVAL_WRONG_STAGE = "REMOVAL_WRONG_STAGE", "The removal is not at the stage this needs."
    APPEAL_TOO_LATE = "APPEAL_TOO_LATE", "The time to appeal has passed."
    OWN_PROPOSAL = "OWN_PROPOSAL", "Who proposed the removal does not decide on the appeal."
    OWN_CASE = "OWN_CASE", "Nobody decides on what is about themself."
    DEATH_RECORDED = "DEATH_RECORDED", "The person's death was recorded already."
    REQUEST_ANSWERED = "REQUEST_ANSWERED", "The request has been answered already."
    YEAR_ENDED = "YEAR_ENDED", "The school year was ended at this school already, for another day."
    YEAR_NOT_ENDED = "YEAR_NOT_ENDED", "No school year was ended at this school for that day."
    YEAR_ACTED_ON = "YEAR_ACTED_ON", "Somebody has acted on the end of the school year since."
    NO_FAMILY = "NO_FAMILY", "Only who is a parent, a carer or kin at the school of a learner is linked to the learner."
    SAME_RECORD = "SAME_RECORD", "That is one record, not two."
    RECORD_MERGED = "RECORD_MERGED", "The record became part of another."
    PEOPLE_DIFFER = "PEOPLE_DIFFER", "What is known of the two says that they are two people."
    ON_OPEN_ROLL = "ON_OPEN_ROLL", "The record is on the roll of a poll that is not over."
    ROLE_HELD = "ROLE_HELD", "The record holds an office of the trust: end it first, or keep this record."
    MEMBERSHIP_SUSPENDED = "MEMBERSHIP_SUSPENDED", "The membership is suspended; decide on that first."
    MERGE_UNDONE = "MERGE_UNDONE", "The merge has been undone already."
    MERGE_STANDS = "MERGE_STANDS", "The merge can't be undone any more."
    LOOKS_THE_SAME = (
        "LOOKS_THE_SAME",
        "Somebody of this name and birth date is on record: merge the two, or say why they are not the same.",
    )
    MEMBERSHIP_OPEN = "MEMBERSHIP_OPEN", "A member or applicant resigns or withdraws before being erased."
    # the register
    EXTRACT_TOO_LONG = "EXTRACT_TOO_LONG", "The register is too long for a PDF; ask for it as CSV."
    # imports
    FILE_HEADER_WRONG = "FILE_HEADER_WRONG", "The first line of the file is not the one expected."
    FILE_ENCODING_WRONG = "FILE_ENCODING_WRONG", "The file is not text in UTF-8 or Windows-1252."
    FILE_MALFORMED = "FILE_MALFORMED", "The file can't be read to its end: a quote is never closed, or it is cut off."
    FILE_TOO_LARGE = "FILE_TOO_LARGE", "The file is larger than this takes."
    FILE_EMPTY = "FILE_EMPTY", "The file has no rows."
    IMPORT_WAITS = "IMPORT_WAITS", "Another import is being applied; apply this one when it is done."
    IMPORT_WRONG_STAGE = "IMPORT_WRONG_STAGE", "The import is not at the stage this needs."
    ROW_RESOLVED = "ROW_RESOLVED", "Somebody has resolved this row already."
    ROW_NEEDS_NO_HUMAN = "ROW_NEEDS_NO_HUMAN", "What becomes of this row is decided by rule."
    ROW_NEEDS_CORRECTION = "ROW_NEEDS_CORRECTION", "The row can't be put on record as it stands: correct it first."
    CANDIDATE_GONE = "CANDIDATE_GONE", "Whom the row might have been of is no longer on record."
    # notices
    NOTICE_NOT_SENT = "NOTICE_NOT_SENT", "The notice has not left, so it can't have come back."
    BOUNCE_RECORDED = "BOUNCE_RECORDED", "That the notice came back was noted already."
    # organisations
    SCHOOL_KNOWN = "SCHOOL_KNOWN", "The trust has a school of that number already."
    AFFILIATION_EXISTS = "AFFILIATION_EXISTS", "The school belongs to the trust in that way already."
    # governance
    RULES_CONTRADICT = "RULES_CONTRADICT", "The rules contradict themselves or what is already there."
    RESOLUTION_NEEDED = "RESOLUTION_NEEDED", "Rules change by a resolution; say which."
    # consultations
    CONSULTATION_NOT_DRAFT = "CONSULTATION_NOT_DRAFT", "It is no draft any more."
    CONSULTATION_NOT_OPEN = "CONSULTATION_NOT_OPEN", "The consultation is not open for answers now."
    CONSULTATION_TOO_SHORT = "CONSULTATION_TOO_SHORT", "The time for answers is shorter than the ruleset requires."
    CONSULTATION_NOT_CLOSED = "CONSULTATION_NOT_CLOSED", "This can only be done after the consultation has closed."
    DATES_CONTRADICT = "DATES_CONTRADICT", "The dates contradict each other or lie in the past."
    QUESTIONS_MISSING = "QUESTIONS_MISSING", "A consultation needs at least one question."
    ANSWER_INVALID = "ANSWER_INVALID", "An answer does not fit its question."
    ANSWER_MISSING = "ANSWER_MISSING", "A required question was not answered."
    # polls
    SECRECY_NOT_AVAILABLE = "SECRECY_NOT_AVAILABLE", "This level of secrecy is not built yet, so it is not promised."
    CONTEST_NOT_AVAILABLE = "CONTEST_NOT_AVAILABLE", "This kind of contest is not built yet."
    NOTICE_TOO_SHORT = "NOTICE_TOO_SHORT", "The notice is shorter than the ruleset requires."
    POLL_WRONG_STAGE = "POLL_WRONG_STAGE", "The poll is not at the stage this needs."
    ROLL_EMPTY = "ROLL_EMPTY", "Nobody is entitled to vote in this contest."
    POLL_NOT_OPEN_YET = "POLL_NOT_OPEN_YET", "Voting has not opened."
    POLL_CLOSED = "POLL_CLOSED", "Voting has closed."
    NOT_ON_THE_ROLL = "NOT_ON_THE_ROLL", "The person is not on the frozen roll of this contest."
    PAPER_INVALID = "PAPER_INVALID", "The paper says nothing that can be counted in this contest."
    ALREADY_VOTED = "ALREADY_VOTED", "A paper of this voter was received already; the first one counts."
    PAPERS_NOT_SEALED = "PAPERS_NOT_SEALED", "The last papers are still being sealed; try again in some seconds."
    # partners
    AGREEMENT_ENDED = "AGREEMENT_ENDED", "The agreement has ended or has not begun."
    SCOPE_UNKNOWN = "SCOPE_UNKNOWN", "That scope does not exist or is not part of the agreement."


class Refusal(Exception):
    """Raised by a rule; becomes the payload's `errors`. Nothing is written.

    `field` names the field of the command it is about, dotted where that is inside a list: `answers.1.choice`;
    `parameters` are what the message says in numbers and names. `others` are refusals of the same command.
    """

    def __init__(
        self, code: RefusalCode, message: str | None = None, field: str | None = None, **parameters: object
    ) -> None:
        super().__init__(message or code.description)
        self.code = code
        self.message = message or code.description
        self.field = field
        self.parameters = parameters
        self.others: tuple[Refusal, ...] = ()

    def within(self, field: str) -> "Refusal":
        """The same refusal, told from outside: of `field`, or of what it names inside it."""
        self.field = field if self.field is None else f"{field}.{self.field}"
        return self


def failure_code(error: Exception) -> str:
    """What a log or a list says of something that failed: never what the error says, in which names may be."""
    return error.code.value if isinstance(error, Refusal) else type(error).__name__


def refuse_all(refusals: Sequence[Refusal]) -> None:
    """Raises the first with the others, if there are any."""
    if refusals:
        first, *others = refusals
        first.others = tuple(others)
        raise first


@contextmanager
def kept(refusals: list[Refusal], field: str | None = None) -> Iterator[None]:
    """A refusal inside, with its others, joins the `refusals`, told of the field where one is named; the rest of what is
    inside is left out."""
    try:
        yield
    except Refusal as refusal:
        refusals += [each.within(field) if field else each for each in (refusal, *refusal.others)]


@contextmanager
def told_as(**fields: str | None) -> Iterator[None]:
    """Refusals of the rule inside name its fields as this command does: `told_as(until="authorised_until")`."""
    try:
        yield
    except Refusal as refusal:
        for each in (refusal, *refusal.others):
            each.field = fields.get(each.field, each.field) if each.field else None
        raise


class Invalid(Refusal):
    """The input can never be right."""


class NotFound(Refusal):
    """Absent, or hidden from this caller: the two are never told apart."""

    def __init__(self, field: str | None = None) -> None:
        super().__init__(RefusalCode.NOT_FOUND, field=field)


class NotPermitted(Refusal):
    """The caller may not do this."""


class Conflict(Refusal):
    """The input would be right at another time or in another state."""
