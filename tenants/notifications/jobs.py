"""Messages about letters."""

from uuid import UUID

from infra.outbox.jobs import Job


class SendLetter(Job, kind="letter.send", queue="mail"):
    letter_id: UUID
