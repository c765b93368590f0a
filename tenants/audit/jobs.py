"""The message of the hourly checkpoint."""

from infra.outbox.jobs import Job


class TakeCheckpoint(Job, kind="audit.checkpoint"):
    """Sign what the organisation's chain is now, and lay the note down where the installation keeps them."""
