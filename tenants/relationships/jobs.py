"""What becomes due around relationships."""

from uuid import UUID

from infra.outbox.jobs import Job


class AskFollowUps(Job, kind="follow_up.ask"):
    """Ask the people of these pairs how far they are, where their check-up is still due."""

    programme_id: UUID
    after_days: int
    relationship_ids: list[UUID]
