"""Signing in, sessions and API tokens."""
