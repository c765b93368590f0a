"""Messages about workshops."""

from uuid import UUID

from infra.outbox.jobs import Job


class LetGoOfGuest(Job, kind="workshop.let_go_of_guest"):
    """Give the places of somebody who has left to others; nothing if she has come back."""

    participation_id: UUID
