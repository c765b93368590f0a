"""The message of the hourly sweep of one organisation."""

from infra.outbox.jobs import Job


class SweepOrganisation(Job, kind="organisation.sweep"):
    """Clear away what has expired: unconfirmed registrations, sign-in links, ended sessions."""
