"""Matching runs: one computation over a pool, from its criteria to drafts of proposals."""
