"""
Whoever registered for groups or circles, and was never asked how she wants to meet, is no longer kept alone.

What was asked, or stood in a roster that is still kept, stays as it was said. Cards are copies, so they change with it.
"""

from alembic import op

revision = "2026_11_23_mode_unasked"
down_revision = "2026_11_22_pipeline_of_cycle"

# No context reaches all organisations, so the owner steps out of row security for as long as this transaction lasts.
READ = ("programme", "question", "participation", "pool_card", "roster_row")
FILL = """
    UPDATE participation SET mode = 'both'
    FROM programme
    WHERE programme.organisation_id = participation.organisation_id AND programme.id = participation.programme_id
      AND programme.structure IN ('group', 'circle') AND participation.mode = 'individual'
      AND NOT EXISTS (
        SELECT FROM question
        WHERE question.organisation_id = programme.organisation_id AND question.programme_id = programme.id
          AND question.field = 'mode')
      AND participation.id NOT IN (
        SELECT one::uuid FROM roster_row, jsonb_array_elements_text(roster_row.participation_ids) AS one
        WHERE roster_row."values" ->> 'mode' IS NOT NULL)
"""
CARDS = """
    UPDATE pool_card SET fields = jsonb_set(pool_card.fields, '{mode}', '"both"')
    FROM participation, programme
    WHERE participation.organisation_id = pool_card.organisation_id AND participation.id = pool_card.participation_id
      AND programme.organisation_id = participation.organisation_id AND programme.id = participation.programme_id
      AND programme.structure IN ('group', 'circle') AND participation.mode = 'both'
      AND pool_card.fields ->> 'mode' = 'individual'
"""


def upgrade() -> None:
    for table in READ:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(FILL)
    op.execute(CARDS)
    for table in READ:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
