"""Organisations, the hosts they answer at, and their offices."""
