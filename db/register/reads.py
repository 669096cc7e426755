"""SQL of the read declarations of the register."""

LAST_LINE = (
    "not exists (select from register_line later where later.trust_id = {trust}"
    " and later.membership_id = {row}.membership_id and later.line > {row}.line)"
)
LINE_AS_AT = (
    "{row}.entered_at <= {value} and not exists (select from register_line later where later.trust_id = {trust}"
    " and later.membership_id = {row}.membership_id and later.line > {row}.line and later.entered_at <= {value})"
)
# asked by a mailbox that was nobody's then: whoever reads it may see it
OF_OWN_MAILBOX = "{row}.person_id is null and {row}.email = {viewer.email}"
