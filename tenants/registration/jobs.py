"""Messages about registrations."""

from uuid import UUID

from infra.outbox.jobs import Job


class ExpireRegistration(Job, kind="registration.expire"):
    """Delete a registration that has not been confirmed in time; nothing if it has."""

    registration_id: UUID
