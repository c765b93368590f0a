"""The messages of what is swept in each organisation."""

from infra.outbox.jobs import Job


class SweepOrganisation(Job, kind="organisation.sweep"):
    """Clear away what has expired: unconfirmed registrations, sign-in links, ended sessions."""


class DestroyDueNotes(Job, kind="notes.destroy"):
    """Destroy the keys of confidential notes whose last day is over."""
