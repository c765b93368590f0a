"""Alembic migrations: dated names, short lock timeouts, each able to run beside the deployed code."""
