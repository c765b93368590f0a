"""
Audit events become links of a chain, one chain for each organisation.

A link is made by the database itself when the transaction commits: a deferred trigger of the
owner, so the application can neither leave one out nor write one. Only the commit waits for
other commits of the same organisation, never the work before it. `tenants/audit/chain.py`
computes the same digests to check them.
"""

import sqlalchemy as sa
from alembic import op

from infra.db.policies import grows, protect, refuse_changes

revision = "2026_11_22_audit_chain"
down_revision = "2026_11_22_earlier_answers"

FUNCTIONS = [
    # A value with its length before it, so that two rows of values never read the same; NULL has a length of its own.
    """
    CREATE FUNCTION app.framed(value text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT coalesce(int4send(length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8'), '\\xffffffff')
    $$
    """,
    """
    CREATE FUNCTION app.link_audit_event(event audit_event) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      previous record;
      here bigint;
      details_digest bytea := sha256(event.salt || convert_to(event.details::text, 'UTF8'));
      digest bytea;
    BEGIN
      -- One at a time for each organisation: the next link must see the one before it.
      PERFORM pg_advisory_xact_lock(hashtextextended(event.organisation_id::text, 1));
      SELECT seq, hash INTO previous FROM public.audit_link
      WHERE organisation_id = event.organisation_id ORDER BY seq DESC LIMIT 1;
      here := coalesce(previous.seq, 0) + 1;
      digest := sha256(
        app.framed('mentorweave/audit/v1') || app.framed(event.organisation_id::text) || app.framed(here::text)
        || app.framed(event.id::text)
        || app.framed((extract(epoch FROM event.created_at) * 1000000)::bigint::text)
        || app.framed(event.event) || app.framed(event.actor_kind) || app.framed(event.person_id::text)
        || app.framed(event.token_id::text) || app.framed(event.object_kind)
        || app.framed(event.object_id::text) || app.framed(encode(details_digest, 'hex')));
      INSERT INTO public.audit_link (organisation_id, seq, audit_event_id, details_digest, hash)
      VALUES (event.organisation_id, here, event.id, details_digest,
              sha256(coalesce(previous.hash, decode(repeat('00', 32), 'hex')) || digest));
    END $$
    """,
    """
    CREATE FUNCTION app.link_new_audit_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      PERFORM app.link_audit_event(NEW);
      RETURN NULL;
    END $$
    """,
    "REVOKE ALL ON FUNCTION app.framed(text), app.link_audit_event(audit_event), app.link_new_audit_event() "
    "FROM PUBLIC",
]

# What is there already is linked in the order in which it happened. No context reaches all organisations,
# so the owner steps out of row security for as long as this transaction lasts.
BACK_FILL = [
    "ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE audit_link NO FORCE ROW LEVEL SECURITY",
    """
    DO $$
    DECLARE event audit_event;
    BEGIN
      FOR event IN SELECT * FROM audit_event ORDER BY organisation_id, created_at, id LOOP
        PERFORM app.link_audit_event(event);
      END LOOP;
      IF (SELECT count(*) FROM audit_event) <> (SELECT count(*) FROM audit_link) THEN
        RAISE EXCEPTION 'not every audit event was linked';
      END IF;
    END $$
    """,
    "ALTER TABLE audit_link FORCE ROW LEVEL SECURITY",
    "ALTER TABLE audit_event FORCE ROW LEVEL SECURITY",
]

TRIGGER = """
    CREATE CONSTRAINT TRIGGER link AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION app.link_new_audit_event()
"""


def run(statements: list[str]) -> None:
    for statement in statements:
        op.execute(statement)


def upgrade() -> None:
    op.add_column(
        "audit_event",
        sa.Column(
            "salt",
            sa.LargeBinary(),
            server_default=sa.text("uuid_send(gen_random_uuid())"),
            nullable=False,
        ),
    )
    op.create_table(
        "audit_link",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("audit_event_id", sa.Uuid(), nullable=False),
        sa.Column("details_digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "seq", name=op.f("audit_link_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "audit_event_id", name=op.f("audit_link_organisation_id_audit_event_id_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": True, "read_only": True},
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("audit_checkpoint_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "seq", name=op.f("audit_checkpoint_organisation_id_seq_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": True},
    )
    run(protect("audit_checkpoint", append_only=True))
    run(refuse_changes("audit_checkpoint"))
    run([*protect("audit_link", read_only=True), grows("audit_link")])
    run(refuse_changes("audit_link"))
    run(FUNCTIONS)
    run(BACK_FILL)
    op.execute(TRIGGER)
