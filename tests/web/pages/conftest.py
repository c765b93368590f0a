"""What tests of pages share with those of the domain."""

from tests.tenants.conftest import statements

__all__ = ["statements"]
