"""Doing one thing to many: looked at before, and taken back for ten minutes."""
