"""Files of people that schools send: what becomes of a file and of each of its rows (domain rule 22)."""

from ..described import DescribedEnum


class ImportKind(DescribedEnum):
    """The form of a file."""

    REGISTRATION = "REGISTRATION", "A registration file as a school office exports it (CSV, one person a row)."
    ONEROSTER = "ONEROSTER", "A delta from a school's information system (OneRoster 1.1 CSV in a ZIP file)."


class ImportStatus(DescribedEnum):
    """How far an import has come."""

    UPLOADED = "UPLOADED", "Read; waiting to be checked."
    CHECKED = "CHECKED", "Every row is classified; nothing is applied. This is the dry run."
    APPLYING = "APPLYING", "Being applied; what is done stays done if it is interrupted, and it goes on."
    APPLIED = "APPLIED", "Applied."


class RowOutcome(DescribedEnum):
    """What becomes of a row."""

    NEW = "NEW", "Somebody not on record yet."
    UPDATE = "UPDATE", "Somebody on record, or further up in the file, with something new."
    UNCHANGED = "UNCHANGED", "Somebody on record, with nothing new."
    DUPLICATE = "DUPLICATE", "Says again what an earlier row said."
    NEEDS_HUMAN = "NEEDS_HUMAN", "Can't be decided by rule; left out until somebody looks."
    REFUSED = "REFUSED", "Can't be used; left out."
