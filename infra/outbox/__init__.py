"""
Jobs that are promised in the transaction that makes them necessary.

PostgreSQL is the truth and the queue only wakes workers: it may lose
everything, and the relay sends anew whatever is still due.
"""

from infra.outbox.jobs import Job, Promise, enqueue, enqueue_all, hurry, withdraw, withdraw_all

__all__ = ["Job", "Promise", "enqueue", "enqueue_all", "hurry", "withdraw", "withdraw_all"]
