"""Names of codes that many pages show."""

from tenants.people.words import ROLE_NAMES

__all__ = ["ROLE_NAMES"]
