"""Messages of data rights."""

from uuid import UUID

from infra.outbox.jobs import Job


class MakeCopy(Job, kind="privacy.copy"):
    """Gather all that is kept of a person, and seal it for her."""

    copy_id: UUID


class ErasePerson(Job, kind="privacy.erase"):
    """Let a person go, and delete her data once her last letters have left. Goes on where it stopped."""

    erasure_id: UUID
