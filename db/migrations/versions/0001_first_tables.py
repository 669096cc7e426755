"""The first tables, the two roles and row-level security."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


TRUST = "(select nullif(current_setting('app.trust', true), '')::uuid)"
ALL = "select, insert, update"
APPEND = "select, insert"
# what the app's role may do: nothing but this, and on rows of the trust it works for alone
APP = {
    "affiliation": ALL, "agreement": ALL, "audit_event": APPEND, "ballot": ALL, "ballot_constituency": ALL,
    "ballot_paper": "select", "ballot_receipt": "select", "ballot_inbox": "insert, select (trust_id, ballot_id)",
    "constituency": ALL, "consultation": ALL, "consultation_action": ALL,
    "consultation_answer": f"{ALL}, delete", "consultation_question": ALL, "consultation_response": ALL,
    "consultation_school": ALL, "consultation_total": ALL, "declaration": APPEND,
    "idempotency_key": APPEND, "membership": ALL, "membership_transition": APPEND, "outbox": "insert",
    "partner": ALL, "partner_app": ALL, "partner_token": f"{ALL}, delete", "person": ALL, "recorded_vote": APPEND,
    "register_number": ALL, "relationship": ALL, "role_grant": ALL, "roll_entry": ALL, "ruleset": APPEND,
    "school": ALL, "school_link": ALL, "session": ALL, "sign_in_challenge": ALL,
}  # fmt: skip
# the worker serves every trust, but sees no register, no roll and no session
WORKER = {
    "ballot": "select (trust_id, id, closes_at)", "ballot_inbox": "select, insert, truncate", "ballot_paper": "insert",
    "ballot_receipt": "insert", "outbox": "select, update, delete", "idempotency_key": "select (used_at), delete",
    "sign_in_challenge": "select (expires_at), delete",
}  # fmt: skip


def secure() -> None:
    for role in ("folkmoot_app", "folkmoot_worker"):
        # roles belong to the cluster: another database of it may have made them, even at this moment
        op.execute(
            f"do $$ begin create role {role} nologin; exception when duplicate_object or unique_violation then null; end $$"
        )
        op.execute(f"do $$ begin grant {role} to current_user; exception when others then null; end $$")
        op.execute(f"grant usage on schema public to {role}")
    for table, rights in APP.items():
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy own_trust on {table} to folkmoot_app using (trust_id = {TRUST}) with check (trust_id = {TRUST})"
        )
        op.execute(f"grant {rights} on {table} to folkmoot_app")
    for table, rights in WORKER.items():
        op.execute(f"create policy every_trust on {table} to folkmoot_worker using (true) with check (true)")
        op.execute(f"grant {rights} on {table} to folkmoot_worker")
    # the list of trusts is public and is read before a trust is chosen
    op.execute("alter table trust enable row level security")
    op.execute("alter table trust force row level security")
    op.execute("create policy everybody on trust for select to folkmoot_app, folkmoot_worker using (true)")
    op.execute(f"create policy own_trust_added on trust for insert to folkmoot_app with check (id = {TRUST})")
    op.execute(
        f"create policy own_trust_changed on trust for update to folkmoot_app using (id = {TRUST}) with check (id = {TRUST})"
    )
    op.execute("grant select, insert, update on trust to folkmoot_app")
    op.execute("grant select on trust to folkmoot_worker")


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("set local statement_timeout = '60s'")
    op.create_table(
        "audit_event",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(
            "action in ('organisations:trust:loaded', 'governance:ruleset:adopted', 'identity:session:started', 'identity:session:ended', 'identity:role:granted', 'identity:role:ended', 'members:membership:applied', 'members:membership:admitted', 'members:membership:refused', 'members:membership:withdrawn', 'members:membership:resigned', 'consultations:consultation:drafted', 'consultations:consultation:published', 'consultations:response:stored', 'consultations:consultation:closed', 'consultations:outcome:published', 'ballots:ballot:drafted', 'ballots:notice:given', 'ballots:roll:frozen', 'ballots:paper:received', 'ballots:ballot:counted', 'ballots:ballot:declared', 'partners:agreement:signed', 'partners:agreement:ended', 'partners:app:registered')",
            name=op.f("audit_event_action_check"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("audit_event_pk")),
    )
    op.create_index(
        op.f("audit_event_trust_id_subject_id_idx"), "audit_event", ["trust_id", "subject_id"], unique=False
    )
    op.create_table(
        "ballot_inbox",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("ballot_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("store in ('PAPER', 'RECEIPT')", name=op.f("ballot_inbox_store_check")),
        sa.PrimaryKeyConstraint("trust_id", "ballot_id", "id", name=op.f("ballot_inbox_pk")),
    )
    op.create_table(
        "trust",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal_form", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("vision", sa.Text(), nullable=False),
        sa.Column("values", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("aims", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("local_authorities", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("companies_house_number", sa.Text(), nullable=True),
        sa.Column("ukprn", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "legal_form in ('CO_OPERATIVE_FOUNDATION_TRUST', 'MULTI_ACADEMY_TRUST')",
            name=op.f("trust_legal_form_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("trust_pk")),
        sa.UniqueConstraint("slug", name=op.f("trust_slug_key")),
    )
    op.create_table(
        "ballot",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("secrecy", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opens_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("closes_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ruleset_version", sa.Integer(), nullable=False),
        sa.Column("notice_given_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("qualifying_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("roll_hash", sa.Text(), nullable=True),
        sa.Column("roll_count", sa.Integer(), nullable=True),
        sa.Column("count", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("declared_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("secrecy in ('RECORDED', 'CONFIDENTIAL', 'SECRET')", name=op.f("ballot_secrecy_check")),
        sa.CheckConstraint(
            "status in ('DRAFT', 'NOTICE_GIVEN', 'ROLL_FROZEN', 'COUNTED', 'DECLARED')",
            name=op.f("ballot_status_check"),
        ),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ballot_dates_check")),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("ballot_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("ballot_pk")),
    )
    op.create_table(
        "constituency",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("constituency_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("constituency_pk")),
        sa.UniqueConstraint("trust_id", "code", name=op.f("constituency_trust_id_code_key")),
    )
    op.create_table(
        "consultation",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("proposer", sa.Text(), nullable=False),
        sa.Column("decision_maker", sa.Text(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opens_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("closes_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("respondents", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("outcome_published_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('STATUTORY_PROPOSAL', 'ADMISSIONS', 'CONVERSION', 'ENGAGEMENT')",
            name=op.f("consultation_kind_check"),
        ),
        sa.CheckConstraint(
            "status in ('DRAFT', 'PUBLISHED', 'CLOSED', 'OUTCOME_PUBLISHED')", name=op.f("consultation_status_check")
        ),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("consultation_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("consultation_pk")),
        sa.UniqueConstraint("trust_id", "source_key", name=op.f("consultation_trust_id_source_key_key")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("mutation", sa.Text(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "used_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("date_trunc('day', now())"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("idempotency_key_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "caller", "idempotency_key", name=op.f("idempotency_key_pk")),
    )
    op.create_table(
        "outbox",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("queued_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("try_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("outbox_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("outbox_pk")),
    )
    op.create_index(
        "outbox_waiting_idx", "outbox", ["try_at"], unique=False, postgresql_where=sa.text("sent_at is null")
    )
    op.create_table(
        "partner",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("partner_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("partner_pk")),
        sa.UniqueConstraint("trust_id", "name", name=op.f("partner_trust_id_name_key")),
    )
    op.create_table(
        "person",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("person_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("person_pk")),
    )
    op.create_index("person_name_idx", "person", ["trust_id", "family_name", "given_name", "id"], unique=False)
    op.create_index(op.f("person_trust_id_email_idx"), "person", ["trust_id", "email"], unique=False)
    op.create_table(
        "register_number",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("next_number", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("register_number_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", name=op.f("register_number_pk")),
    )
    op.create_table(
        "ruleset",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("ruleset_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("ruleset_pk")),
        sa.UniqueConstraint("trust_id", "version", name=op.f("ruleset_trust_id_version_key")),
    )
    op.create_table(
        "school",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("establishment_type", sa.Text(), nullable=True),
        sa.Column("religious_character", sa.Text(), nullable=True),
        sa.Column("diocese", sa.Text(), nullable=True),
        sa.Column("local_authority", sa.Text(), nullable=False),
        sa.Column("lowest_age", sa.Integer(), nullable=True),
        sa.Column("highest_age", sa.Integer(), nullable=True),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "phase in ('PRIMARY', 'MIDDLE_DEEMED_PRIMARY', 'MIDDLE_DEEMED_SECONDARY', 'SECONDARY', 'ALL_THROUGH')",
            name=op.f("school_phase_check"),
        ),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("school_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("school_pk")),
        sa.UniqueConstraint("trust_id", "urn", name=op.f("school_trust_id_urn_key")),
    )
    op.create_index(op.f("school_trust_id_name_id_idx"), "school", ["trust_id", "name", "id"], unique=False)
    op.create_table(
        "sign_in_challenge",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("used", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("sign_in_challenge_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("sign_in_challenge_pk")),
    )
    op.create_index(
        op.f("sign_in_challenge_trust_id_email_created_at_idx"),
        "sign_in_challenge",
        ["trust_id", "email", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("sign_in_challenge_trust_id_network_created_at_idx"),
        "sign_in_challenge",
        ["trust_id", "network", "created_at"],
        unique=False,
    )
    op.create_table(
        "affiliation",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("school_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cohort", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind in ('FOUNDATION', 'ACADEMY', 'PARTNERSHIP_MEMBER', 'ASSOCIATE')", name=op.f("affiliation_kind_check")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "school_id"], ["school.trust_id", "school.id"], name=op.f("affiliation_trust_id_school_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("affiliation_pk")),
        sa.UniqueConstraint("trust_id", "school_id", "kind", name=op.f("affiliation_trust_id_school_id_kind_key")),
    )
    op.create_table(
        "agreement",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("partner_id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "partner_id"],
            ["partner.trust_id", "partner.id"],
            name=op.f("agreement_trust_id_partner_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("agreement_pk")),
    )
    op.create_index(op.f("agreement_trust_id_partner_id_idx"), "agreement", ["trust_id", "partner_id"], unique=False)
    op.create_table(
        "ballot_constituency",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("ballot_id", sa.UUID(), nullable=False),
        sa.Column("constituency_id", sa.UUID(), nullable=False),
        sa.Column("roll_count", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "ballot_id"],
            ["ballot.trust_id", "ballot.id"],
            name=op.f("ballot_constituency_trust_id_ballot_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "constituency_id"],
            ["constituency.trust_id", "constituency.id"],
            name=op.f("ballot_constituency_trust_id_constituency_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "ballot_id", "constituency_id", name=op.f("ballot_constituency_pk")),
    )
    op.create_table(
        "ballot_paper",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("ballot_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "ballot_id"], ["ballot.trust_id", "ballot.id"], name=op.f("ballot_paper_trust_id_ballot_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "ballot_id", "id", name=op.f("ballot_paper_pk")),
    )
    op.create_table(
        "ballot_receipt",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("ballot_id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "ballot_id"],
            ["ballot.trust_id", "ballot.id"],
            name=op.f("ballot_receipt_trust_id_ballot_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "ballot_id", "code", name=op.f("ballot_receipt_pk")),
    )
    op.create_table(
        "consultation_action",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("consultation_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("you_said", sa.Text(), nullable=False),
        sa.Column("we_did", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "consultation_id"],
            ["consultation.trust_id", "consultation.id"],
            name=op.f("consultation_action_trust_id_consultation_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("consultation_action_pk")),
        sa.UniqueConstraint(
            "trust_id",
            "consultation_id",
            "position",
            name=op.f("consultation_action_trust_id_consultation_id_position_key"),
        ),
    )
    op.create_table(
        "consultation_question",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("consultation_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("options", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("guidance", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("response_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "kind in ('OPINION', 'CHOICE', 'YES_NO', 'TEXT')", name=op.f("consultation_question_kind_check")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "consultation_id"],
            ["consultation.trust_id", "consultation.id"],
            name=op.f("consultation_question_trust_id_consultation_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("consultation_question_pk")),
        sa.UniqueConstraint(
            "trust_id",
            "consultation_id",
            "position",
            name=op.f("consultation_question_trust_id_consultation_id_position_key"),
        ),
    )
    op.create_table(
        "consultation_response",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("consultation_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("constituency_id", sa.UUID(), nullable=True),
        sa.Column("submitted_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "constituency_id"],
            ["constituency.trust_id", "constituency.id"],
            name=op.f("consultation_response_trust_id_constituency_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "consultation_id"],
            ["consultation.trust_id", "consultation.id"],
            name=op.f("consultation_response_trust_id_consultation_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"],
            ["person.trust_id", "person.id"],
            name=op.f("consultation_response_trust_id_person_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("consultation_response_pk")),
        sa.UniqueConstraint(
            "trust_id",
            "consultation_id",
            "person_id",
            name=op.f("consultation_response_trust_id_consultation_id_person_id_key"),
        ),
    )
    op.create_table(
        "consultation_school",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("consultation_id", sa.UUID(), nullable=False),
        sa.Column("school_id", sa.UUID(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "consultation_id"],
            ["consultation.trust_id", "consultation.id"],
            name=op.f("consultation_school_trust_id_consultation_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "school_id"],
            ["school.trust_id", "school.id"],
            name=op.f("consultation_school_trust_id_school_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "consultation_id", "school_id", name=op.f("consultation_school_pk")),
    )
    op.create_table(
        "declaration",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("ballot_id", sa.UUID(), nullable=False),
        sa.Column("declared_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("returning_officer_id", sa.UUID(), nullable=False),
        sa.Column("pack", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "ballot_id"], ["ballot.trust_id", "ballot.id"], name=op.f("declaration_trust_id_ballot_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "ballot_id", name=op.f("declaration_pk")),
        sa.UniqueConstraint("trust_id", "id", name=op.f("declaration_trust_id_id_key")),
    )
    op.create_table(
        "membership",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("constituency_id", sa.UUID(), nullable=False),
        sa.Column("school_id", sa.UUID(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("service_address", sa.Text(), nullable=False),
        sa.Column("ruleset_version", sa.Integer(), nullable=False),
        sa.Column("applied_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("ceased_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(status = 'RESIGNED') = (ceased_on is not null)", name=op.f("membership_ceased_check")),
        sa.CheckConstraint(
            "(status in ('ADMITTED', 'RESIGNED')) = (number is not null)", name=op.f("membership_numbered_check")
        ),
        sa.CheckConstraint(
            "status in ('SUBMITTED', 'ADMITTED', 'REFUSED', 'WITHDRAWN', 'RESIGNED')",
            name=op.f("membership_status_check"),
        ),
        sa.CheckConstraint("(number is null) = (registered_on is null)", name=op.f("membership_registered_check")),
        sa.ForeignKeyConstraint(
            ["trust_id", "constituency_id"],
            ["constituency.trust_id", "constituency.id"],
            name=op.f("membership_trust_id_constituency_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"], ["person.trust_id", "person.id"], name=op.f("membership_trust_id_person_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "school_id"], ["school.trust_id", "school.id"], name=op.f("membership_trust_id_school_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("membership_pk")),
    )
    op.create_index(
        "membership_number_key",
        "membership",
        ["trust_id", "number"],
        unique=True,
        postgresql_where=sa.text("number is not null"),
    )
    op.create_index(
        "membership_open_key",
        "membership",
        ["trust_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("status in ('ADMITTED', 'SUBMITTED')"),
    )
    op.create_index(
        op.f("membership_trust_id_constituency_id_id_idx"),
        "membership",
        ["trust_id", "constituency_id", "id"],
        unique=False,
    )
    op.create_index(op.f("membership_trust_id_person_id_idx"), "membership", ["trust_id", "person_id"], unique=False)
    op.create_index(
        op.f("membership_trust_id_school_id_id_idx"), "membership", ["trust_id", "school_id", "id"], unique=False
    )
    op.create_table(
        "recorded_vote",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("ballot_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.CheckConstraint("choice in ('FOR', 'AGAINST', 'ABSTAIN')", name=op.f("recorded_vote_choice_check")),
        sa.ForeignKeyConstraint(
            ["trust_id", "ballot_id"],
            ["ballot.trust_id", "ballot.id"],
            name=op.f("recorded_vote_trust_id_ballot_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"],
            ["person.trust_id", "person.id"],
            name=op.f("recorded_vote_trust_id_person_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("recorded_vote_pk")),
        sa.UniqueConstraint(
            "trust_id", "ballot_id", "person_id", name=op.f("recorded_vote_trust_id_ballot_id_person_id_key")
        ),
    )
    op.create_table(
        "relationship",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("school_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('LEARNER', 'PARENT_CARER', 'STAFF', 'EXTENDED_FAMILY', 'COMMUNITY', 'ALUMNUS', 'PARTNER_REPRESENTATIVE')",
            name=op.f("relationship_kind_check"),
        ),
        sa.CheckConstraint(
            "source in ('DECLARED', 'SCHOOL_SYSTEM', 'VERIFIED')", name=op.f("relationship_source_check")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"], ["person.trust_id", "person.id"], name=op.f("relationship_trust_id_person_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "school_id"], ["school.trust_id", "school.id"], name=op.f("relationship_trust_id_school_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("relationship_pk")),
    )
    op.create_index(
        op.f("relationship_trust_id_person_id_idx"), "relationship", ["trust_id", "person_id"], unique=False
    )
    op.create_table(
        "role_grant",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("granted_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role in ('MEMBERSHIP_OFFICER', 'RETURNING_OFFICER', 'TRUSTEE', 'CLERK', 'FORUM_MEMBER', 'DATA_PROTECTION_OFFICER')",
            name=op.f("role_grant_role_check"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"], ["person.trust_id", "person.id"], name=op.f("role_grant_trust_id_person_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("role_grant_pk")),
    )
    op.create_index(
        "role_grant_held_key",
        "role_grant",
        ["trust_id", "person_id", "role"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "school_link",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("school_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("linked_urn", sa.Integer(), nullable=False),
        sa.Column("linked_name", sa.Text(), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind in ('PREDECESSOR', 'SUCCESSOR')", name=op.f("school_link_kind_check")),
        sa.ForeignKeyConstraint(
            ["trust_id", "school_id"], ["school.trust_id", "school.id"], name=op.f("school_link_trust_id_school_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("school_link_pk")),
        sa.UniqueConstraint(
            "trust_id",
            "school_id",
            "kind",
            "linked_urn",
            name=op.f("school_link_trust_id_school_id_kind_linked_urn_key"),
        ),
    )
    op.create_table(
        "session",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"], ["person.trust_id", "person.id"], name=op.f("session_trust_id_person_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("session_pk")),
        sa.UniqueConstraint("trust_id", "token_hash", name=op.f("session_trust_id_token_hash_key")),
    )
    op.create_index(op.f("session_trust_id_person_id_idx"), "session", ["trust_id", "person_id"], unique=False)
    op.create_table(
        "consultation_answer",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("question_id", sa.UUID(), nullable=False),
        sa.Column("response_id", sa.UUID(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "question_id"],
            ["consultation_question.trust_id", "consultation_question.id"],
            name=op.f("consultation_answer_trust_id_question_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "response_id"],
            ["consultation_response.trust_id", "consultation_response.id"],
            name=op.f("consultation_answer_trust_id_response_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "question_id", "response_id", name=op.f("consultation_answer_pk")),
    )
    op.create_index(
        op.f("consultation_answer_trust_id_response_id_idx"),
        "consultation_answer",
        ["trust_id", "response_id"],
        unique=False,
    )
    op.create_table(
        "consultation_total",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("question_id", sa.UUID(), nullable=False),
        sa.Column("constituency_id", sa.UUID(), nullable=True),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "constituency_id"],
            ["constituency.trust_id", "constituency.id"],
            name=op.f("consultation_total_trust_id_constituency_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "question_id"],
            ["consultation_question.trust_id", "consultation_question.id"],
            name=op.f("consultation_total_trust_id_question_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("consultation_total_pk")),
        sa.UniqueConstraint(
            "trust_id",
            "question_id",
            "constituency_id",
            "choice",
            name=op.f("consultation_total_trust_id_question_id_constituency_id_choice_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "membership_transition",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ruleset_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status in ('SUBMITTED', 'ADMITTED', 'REFUSED', 'WITHDRAWN', 'RESIGNED')",
            name=op.f("membership_transition_status_check"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "actor_id"],
            ["person.trust_id", "person.id"],
            name=op.f("membership_transition_trust_id_actor_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "membership_id"],
            ["membership.trust_id", "membership.id"],
            name=op.f("membership_transition_trust_id_membership_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("membership_transition_pk")),
    )
    op.create_index(
        op.f("membership_transition_trust_id_membership_id_idx"),
        "membership_transition",
        ["trust_id", "membership_id"],
        unique=False,
    )
    op.create_table(
        "partner_app",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("agreement_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "agreement_id"],
            ["agreement.trust_id", "agreement.id"],
            name=op.f("partner_app_trust_id_agreement_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("partner_app_pk")),
        sa.UniqueConstraint("trust_id", "client_id", name=op.f("partner_app_trust_id_client_id_key")),
    )
    op.create_table(
        "roll_entry",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("ballot_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=False),
        sa.Column("constituency_id", sa.UUID(), nullable=False),
        sa.Column("member_number", sa.Integer(), nullable=False),
        sa.Column("voted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trust_id", "ballot_id"], ["ballot.trust_id", "ballot.id"], name=op.f("roll_entry_trust_id_ballot_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "constituency_id"],
            ["constituency.trust_id", "constituency.id"],
            name=op.f("roll_entry_trust_id_constituency_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "membership_id"],
            ["membership.trust_id", "membership.id"],
            name=op.f("roll_entry_trust_id_membership_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"], ["person.trust_id", "person.id"], name=op.f("roll_entry_trust_id_person_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "ballot_id", "person_id", name=op.f("roll_entry_pk")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index(op.f("roll_entry_trust_id_person_id_idx"), "roll_entry", ["trust_id", "person_id"], unique=False)
    op.create_table(
        "partner_token",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("app_id", sa.UUID(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "app_id"],
            ["partner_app.trust_id", "partner_app.id"],
            name=op.f("partner_token_trust_id_app_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "token_hash", name=op.f("partner_token_pk")),
    )
    secure()


def downgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("set local statement_timeout = '60s'")
    op.drop_table("partner_token")
    op.drop_index(op.f("roll_entry_trust_id_person_id_idx"), table_name="roll_entry")
    op.drop_table("roll_entry")
    op.drop_table("partner_app")
    op.drop_index(op.f("membership_transition_trust_id_membership_id_idx"), table_name="membership_transition")
    op.drop_table("membership_transition")
    op.drop_table("consultation_total")
    op.drop_index(op.f("consultation_answer_trust_id_response_id_idx"), table_name="consultation_answer")
    op.drop_table("consultation_answer")
    op.drop_index(op.f("session_trust_id_person_id_idx"), table_name="session")
    op.drop_table("session")
    op.drop_table("school_link")
    op.drop_index("role_grant_held_key", table_name="role_grant", postgresql_where=sa.text("ended_at is null"))
    op.drop_table("role_grant")
    op.drop_index(op.f("relationship_trust_id_person_id_idx"), table_name="relationship")
    op.drop_table("relationship")
    op.drop_table("recorded_vote")
    op.drop_index(op.f("membership_trust_id_school_id_id_idx"), table_name="membership")
    op.drop_index(op.f("membership_trust_id_person_id_idx"), table_name="membership")
    op.drop_index(op.f("membership_trust_id_constituency_id_id_idx"), table_name="membership")
    op.drop_index(
        "membership_open_key", table_name="membership", postgresql_where=sa.text("status in ('ADMITTED', 'SUBMITTED')")
    )
    op.drop_index("membership_number_key", table_name="membership", postgresql_where=sa.text("number is not null"))
    op.drop_table("membership")
    op.drop_table("declaration")
    op.drop_table("consultation_school")
    op.drop_table("consultation_response")
    op.drop_table("consultation_question")
    op.drop_table("consultation_action")
    op.drop_table("ballot_receipt")
    op.drop_table("ballot_paper")
    op.drop_table("ballot_constituency")
    op.drop_index(op.f("agreement_trust_id_partner_id_idx"), table_name="agreement")
    op.drop_table("agreement")
    op.drop_table("affiliation")
    op.drop_index(op.f("sign_in_challenge_trust_id_network_created_at_idx"), table_name="sign_in_challenge")
    op.drop_index(op.f("sign_in_challenge_trust_id_email_created_at_idx"), table_name="sign_in_challenge")
    op.drop_table("sign_in_challenge")
    op.drop_index(op.f("school_trust_id_name_id_idx"), table_name="school")
    op.drop_table("school")
    op.drop_table("ruleset")
    op.drop_table("register_number")
    op.drop_index(op.f("person_trust_id_email_idx"), table_name="person")
    op.drop_index("person_name_idx", table_name="person")
    op.drop_table("person")
    op.drop_table("partner")
    op.drop_index("outbox_waiting_idx", table_name="outbox", postgresql_where=sa.text("sent_at is null"))
    op.drop_table("outbox")
    op.drop_table("idempotency_key")
    op.drop_table("consultation")
    op.drop_table("constituency")
    op.drop_table("ballot")
    op.drop_table("trust")
    op.drop_table("ballot_inbox")
    op.drop_index(op.f("audit_event_trust_id_subject_id_idx"), table_name="audit_event")
    op.drop_table("audit_event")
