"""
Jobs that are promised in the transaction that makes them necessary.

PostgreSQL is the truth and the queue only wakes workers: it may lose
everything, and the relay sends anew whatever is still due.
"""

from infra.outbox.jobs import Job, enqueue, hurry, withdraw

__all__ = ["Job", "enqueue", "hurry", "withdraw"]
