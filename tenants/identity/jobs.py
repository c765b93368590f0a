"""The message of the daily look at domains."""

from infra.outbox.jobs import Job


class LookAtDomains(Job, kind="domains.look"):
    """Look whether the records of the organisation's domains still stand."""
