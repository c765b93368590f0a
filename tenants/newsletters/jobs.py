"""Messages of newsletters."""

from uuid import UUID

from infra.outbox.jobs import Job


class SendIssue(Job, kind="newsletter.send"):
    """Write the letters of an issue whose ten minutes are over. Goes on where it stopped."""

    newsletter_id: UUID
