"""Messages about rosters. `version` is that of the import when the job was promised; a later one has its own job."""

from uuid import UUID

from infra.outbox.jobs import Job


class StageRoster(Job, kind="roster.stage"):
    import_id: UUID
    version: int


class CommitRoster(Job, kind="roster.commit"):
    """`asked_by` has to be allowed still when it is done."""

    import_id: UUID
    asked_by: UUID


class RevertRoster(Job, kind="roster.revert"):
    import_id: UUID
    version: int
    asked_by: UUID
