"""The closed list of what is written to the audit trail (design/security.md section 5)."""

from ..described import DescribedEnum


class AuditAction(DescribedEnum):
    """`area:subject:action`. Payloads hold ids and numbers, never names."""

    TRUST_LOADED = "organisations:trust:loaded", "Facts of a trust were loaded."
    RULESET_ADOPTED = "governance:ruleset:adopted", "A version of the rules was stored."
    SIGNED_IN = "identity:session:started", "A person signed in."
    SIGNED_OUT = "identity:session:ended", "A person signed out."
    ROLE_GRANTED = "identity:role:granted", "A person was given a role."
    ROLE_ENDED = "identity:role:ended", "A person's role ended."
    MEMBERSHIP_APPLIED = "members:membership:applied", "Somebody applied."
    MEMBERSHIP_ADMITTED = "members:membership:admitted", "An applicant was entered on the register."
    MEMBERSHIP_REFUSED = "members:membership:refused", "An application was refused."
    MEMBERSHIP_WITHDRAWN = "members:membership:withdrawn", "An application was taken back."
    MEMBERSHIP_RESIGNED = "members:membership:resigned", "A member left."
    CONSULTATION_DRAFTED = "consultations:consultation:drafted", "A consultation was drafted."
    CONSULTATION_PUBLISHED = "consultations:consultation:published", "A consultation was published."
    CONSULTATION_ANSWERED = "consultations:response:stored", "An answer was stored or changed."
    CONSULTATION_CLOSED = "consultations:consultation:closed", "The answers were counted."
    OUTCOME_PUBLISHED = "consultations:outcome:published", "The outcome was published."
    BALLOT_DRAFTED = "ballots:ballot:drafted", "A ballot was drafted."
    BALLOT_NOTICE_GIVEN = "ballots:notice:given", "Notice of a ballot was given."
    ROLL_FROZEN = "ballots:roll:frozen", "The roll was frozen and its hash committed to."
    PAPER_RECEIVED = "ballots:paper:received", "A paper was received; whose is not said."
    BALLOT_COUNTED = "ballots:ballot:counted", "The papers were counted."
    BALLOT_DECLARED = "ballots:ballot:declared", "The result was declared."
    AGREEMENT_SIGNED = "partners:agreement:signed", "An agreement with a partner was recorded."
    AGREEMENT_ENDED = "partners:agreement:ended", "An agreement with a partner ended."
    APP_REGISTERED = "partners:app:registered", "An app of a partner was given credentials."
