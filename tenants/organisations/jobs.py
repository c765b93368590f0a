"""What the organisation promises to have done."""

from infra.outbox.jobs import Job


class RenewKey(Job, kind="organisation.renew_key"):
    """A new version of the organisation's key, and everything beneath it moved."""
